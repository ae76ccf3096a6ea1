/** Classes of figures that were won or lost. */

/** `good`, `bad` or nothing, by the sign that a text shows. */
export function toneOf(text: string): string {
  return text.startsWith('+') ? 'good' : text.startsWith('-') ? 'bad' : ''
}
