/** A real browser for the tests of pages: Debian's Chromium. Absent, they skip loudly; in CI they do not. */
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** True where there is a browser, or has to be one. */
export const HAS_BROWSER: boolean = existsSync(PATH) || process.env['CI'] === 'true'

if (!HAS_BROWSER) console.warn(`SKIPPED: the tests of pages need Chromium at ${PATH} (apt-get install chromium, or CHROMIUM=path)`)

/** Starts it, without anything that would talk to a network. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-default-apps', '--disable-sync', '--no-first-run'] })
}

/** What a page said and asked for while it was open. */
export interface Witness {
  readonly errors: string[]
  readonly requests: string[]
}

/** Opens a file in a new page and waits until it is ready. */
export async function openPage(browser: Browser, path: string, { width = 1440, theme = 'light' }: { readonly width?: number; readonly theme?: 'light' | 'dark' } = {}): Promise<{ readonly page: Page; readonly witness: Witness }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: theme, reducedMotion: 'reduce' })
  const witness: Witness = { errors: [], requests: [] }
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') witness.errors.push(message.text()) })
  page.on('pageerror', (error) => { witness.errors.push(error.message) })
  page.on('request', (request) => { if (!request.url().startsWith('data:')) witness.requests.push(request.url()) })
  await page.goto(`file://${path}`)
  await page.locator('html[data-ready]').waitFor()
  return { page, witness }
}

/** An attribute and the text of each element that a selector finds, in their order. */
export function readAll(page: Page, selector: string, attribute: string): Promise<readonly (readonly [value: string, text: string])[]> {
  return page.evaluate<readonly (readonly [string, string])[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((element) => [element.getAttribute('${attribute}') ?? '', element.textContent])`)
}

/** Where an element is, in pixels of the page's view. */
export async function boxOf(page: Page, selector: string): Promise<{ readonly x: number; readonly y: number; readonly width: number; readonly height: number }> {
  const box = await page.locator(selector).boundingBox()
  if (box === null) throw new Error(`${selector} is not shown`)
  return box
}
