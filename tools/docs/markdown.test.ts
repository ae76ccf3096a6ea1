import { describe, expect, it } from 'vitest'
import { moduleOf, showsOutput } from './examples.ts'
import { blocksOf, refreshed } from './markdown.ts'

const page = (text: string): { readonly path: string; readonly text: string } => ({ path: 'page.md', text })
const FENCE = '```'

describe('code blocks', () => {
  it('have a language, words, a line and a reason not to run', () => {
    const [first, second] = blocksOf(page(`${FENCE}ts in=goLong throws=LEG_REQUIRED run\na\nb\n${FENCE}\n\n<!-- not run: it installs -->\n${FENCE}sh\nnpm ci\n${FENCE}\n`))
    expect(first).toEqual({ page: 'page.md', line: 1, language: 'ts', words: new Map([['in', 'goLong'], ['throws', 'LEG_REQUIRED'], ['run', '']]), code: 'a\nb', notRun: null })
    expect(second).toMatchObject({ line: 7, language: 'sh', code: 'npm ci', notRun: 'it installs' })
  })

  it('need an end', () => {
    expect(() => blocksOf(page(`${FENCE}ts\nnever`))).toThrow('page.md:1: a code block without end')
  })

  it.each([`  ${FENCE}ts`, '~~~', `${FENCE}\`ts`])('start with nothing but three backticks: %s', (fence) => {
    expect(() => blocksOf(page(`${fence}\n`))).toThrow('page.md:1: start a code block')
  })

  it('may be the inside of a hook, which is then called', () => {
    const [block] = blocksOf(page(`${FENCE}ts in=goLong\nthis.buy = [1, this.price]\n${FENCE}\n`))
    expect(block && moduleOf(block)).toContain('shouldLong() { return true }\ngoLong() {\nthis.buy = [1, this.price]\n}')
  })

  it('refuse a hook that does not exist', () => {
    const [block] = blocksOf(page(`${FENCE}ts in=goUp\n${FENCE}\n`))
    expect(() => block && moduleOf(block)).toThrow('no hook is called "goUp"')
  })
})

describe('generated sections', () => {
  it('are replaced between their marks, and nothing else is', () => {
    expect(refreshed(page('a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb'), { x: () => 'new' })).toBe('a\n<!-- begin: x -->\n\nnew\n\n<!-- end: x -->\nb')
  })

  it('have to be known', () => {
    expect(() => refreshed(page('<!-- begin: y -->\n<!-- end: y -->'), { x: () => '' })).toThrow('no section is called "y"; there are x')
  })
})

describe('an output block', () => {
  it.each([
    ['the same text', 'a\nb', '\na  \r\nb\n', true],
    ['other text', 'a', 'b', false],
    ['text that goes on', 'a', 'a\nb', false],
    ['any lines for an ellipsis', 'a\n…\nd', 'a\nb\nc\nd', true],
    ['no line for an ellipsis', 'a\n…\nb', 'a\nb', true],
    ['any text in a line', 'took … ms.', 'took 12 ms.', true],
    ['a pattern as it is written', 'a.c', 'abc', false],
  ])('shows %s', (_, shown, actual, expected) => {
    expect(showsOutput(shown, actual)).toBe(expected)
  })
})
