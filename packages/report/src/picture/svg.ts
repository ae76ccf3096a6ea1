/** Elements of SVG as texts. */

/** Attributes; what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element with content that is SVG already. */
export function element(name: string, attributes: Attributes, content: string = ''): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${typeof value === 'number' ? number(value) : escaped(value)}"`]))
  return `<${name}${written.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`
}

/** A text with its baseline at `y`. */
export function label(text: string, { x, y, fill, anchor, size = 12, weight }: { readonly x: number; readonly y: number; readonly fill: string; readonly anchor?: 'middle' | 'end'; readonly size?: number; readonly weight?: number }): string {
  return element('text', { x, y, fill, 'font-size': size, 'text-anchor': anchor, 'font-weight': weight }, escaped(text))
}

/** A number with two places at most. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
