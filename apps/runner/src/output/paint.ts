/** Colour where it is wanted: on a screen, unless NO_COLOR says otherwise. */
import { styleText } from 'node:util'

/** What a piece of text is. */
export type Tone = 'title' | 'quiet' | 'good' | 'bad' | 'warning'

/** Colours a text, or returns it as it is. */
export type Paint = (tone: Tone, text: string) => string

const STYLES = { title: 'bold', quiet: 'dim', good: 'green', bad: 'red', warning: 'yellow' } as const

/** Leaves every text as it is. */
export const plain: Paint = (_, text) => text

/** Colours for a stream: none when it is not a screen, or when NO_COLOR is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (tone, text) => styleText(STYLES[tone], text, { stream })
}
