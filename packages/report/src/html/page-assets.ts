/** The style and the browser code of a page. */
import { readFileSync } from 'node:fs'

/** What a page carries beside its data. */
export interface PageAssets {
  readonly style: string
  readonly script: string
}

/** Published, both lie beside this package's code; from source the code is bundled on the spot. */
export async function pageAssets(): Promise<PageAssets> {
  if (import.meta.url.endsWith('.js')) return { style: textOf('./page.css'), script: textOf('./page.js') }
  const { bundlePage } = (await import(new URL('../../bundle/bundle-page.ts', import.meta.url).href)) as { readonly bundlePage: () => Promise<string> }
  return { style: textOf('../page/page.css'), script: await bundlePage() }
}

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}
