/** What a page of the documentation consists of, as far as the tests care: code blocks and generated sections. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'

/** The folder of the repository. */
export const ROOT: string = resolve(import.meta.dirname, '../..')

/** One page: its path from the root with forward slashes, and its text. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** One fenced block. */
export interface Block {
  /** Path of the page. */
  readonly page: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** First word after the fence: `ts`, `sh`, `json`. */
  readonly language: string
  /** The other words: `in=goLong` as `in` to `goLong`, a word alone as itself to `''`. */
  readonly words: ReadonlyMap<string, string>
  readonly code: string
  /** Why it is not run: the text of a comment `<!-- not run: ... -->` right above it; null where there is none. */
  readonly notRun: string | null
}

const FENCE = /^```(\S*)[ \t]*(.*)$/
/** Fences that {@link blocksOf} does not read, and so nobody would run. */
const OTHER_FENCE = /^(\s+```|````|\s*~~~)/
const NOT_RUN = /^<!-- not run: (.+) -->$/
const SECTION = /(<!-- begin: ([\w-]+) -->\n)[\s\S]*?(<!-- end: \2 -->)/g

/** README and everything under `docs`, in the order of their paths. */
export function pages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md')).sort()
  return ['README.md', ...docs.map((path) => `docs/${path.split(sep).join('/')}`)].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

/** The fenced blocks of a page, in their order. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [, language, rest = ''] = FENCE.exec(lines[index] ?? '') ?? []
    if (OTHER_FENCE.test(lines[index] ?? '')) throw new Error(`${path}:${index + 1}: start a code block with three backticks at the beginning of the line`)
    if (language === undefined) continue
    const end = lines.indexOf('```', index + 1)
    if (end < 0) throw new Error(`${path}:${index + 1}: a code block without end`)
    const notRun = NOT_RUN.exec(lines[index - 1] ?? '')?.[1] ?? null
    blocks.push({ page: path, line: index + 1, language, words: wordsOf(rest), code: lines.slice(index + 1, end).join('\n'), notRun })
    index = end
  }
  return blocks
}

/** The page with every generated section made anew. */
export function refreshed({ path, text }: Page, sections: Readonly<Record<string, () => string>>): string {
  return text.replace(SECTION, (_, begin: string, name: string, end: string) => {
    const make = sections[name]
    if (make === undefined) throw new Error(`${path}: no section is called "${name}"; there are ${Object.keys(sections).join(', ')}`)
    return `${begin}\n${make()}\n\n${end}`
  })
}

function wordsOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(/\s+/).filter((word) => word !== '').map((word): [string, string] => {
    const at = word.indexOf('=')
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
  }))
}
