/** Code blocks as modules: a fragment is put into the class and the hook that it belongs to. */
import { basename } from 'node:path'
import type { Block } from './markdown.ts'

/** What surrounds a fragment that is the body of a hook, so that the hook is called with something to do. */
const AROUND: Readonly<Record<string, string>> = {
  before: '',
  onBar: '',
  after: '',
  goLong: 'shouldLong() { return true }',
  goShort: 'shouldShort() { return true }',
  updatePosition: 'onBar() { if (this.index === 0) { this.long.open({ qty: 1 }); this.short.open({ qty: 1 }) } }',
}

const IMPORTS = "import { Strategy, ta, type AccountNews, type OrderNews, type OrderView } from '@hedgerow/strategy-sdk'\nimport type { Leg, Trade } from '@hedgerow/core'\n"

/** The module that a `ts` block stands for; `in=class` is the inside of a strategy, `in=goLong` the inside of that hook. */
export function moduleOf({ page, line, words, code }: Block): string {
  const place = words.get('in')
  if (place === undefined) return `${code}\n`
  if (place === 'class') return `${IMPORTS}export default class Example extends Strategy {\n${code}\n}\n`
  const around = AROUND[place]
  if (around === undefined) throw new Error(`${page}:${line}: no hook is called "${place}"; in= takes class, ${Object.keys(AROUND).join(', ')}`)
  return `${IMPORTS}export default class Example extends Strategy {\n${around}\n${place}() {\n${code}\n}\n}\n`
}

/** Where the module of a block goes, from the folder of its page: its own name, or one made of its line. */
export function fileOf(block: Block): string {
  return block.words.get('file') ?? `line-${block.line}.${block.language}`
}

/** The folder of a page, from the folder of all of them. */
export function folderOf(page: string): string {
  return basename(page, '.md').toLowerCase()
}

/** True where `actual` is what an output block shows: `…` stands for any text, on a line of its own for any lines. */
export function showsOutput(shown: string, actual: string): boolean {
  const pattern = trimmed(shown).split('\n').map((line) => (line.trim() === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`)).join('')
  return new RegExp(`^${pattern}$`).test(`${trimmed(actual)}\n`)
}

/** Without line ends around it, and without blanks at the ends of lines. */
function trimmed(text: string): string {
  return text.replace(/[ \t\r]+$/gm, '').replace(/^\n+|\n+$/g, '')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
