/** Numbers as people read them: rounded, grouped by thousands, the same on every machine. */
import type { Decimal } from '@hedgerow/core'

/** What is written where a value does not exist. */
export const ABSENT = '–'

/** A value that may not exist. */
export type Maybe = Decimal | null

/** `1,234.50` */
export function plainText(value: Maybe, places = 2): string {
  return value === null ? ABSENT : grouped(value.toFixed(places))
}

/** `+1,234.50`, `-3.20`, `0.00`: money that was won or lost. */
export function signedText(value: Maybe, places = 2): string {
  const text = plainText(value, places)
  return value === null || text.startsWith('-') || isZeroText(text) ? text : `+${text}`
}

/** A fraction in percent: `0.583` is `58.3 %`. */
export function percentText(fraction: Maybe, places = 1): string {
  return fraction === null ? ABSENT : `${plainText(fraction.times(100), places)} %`
}

/** A fraction in percent with its sign: `+0.70 %`. */
export function signedPercentText(fraction: Maybe, places = 2): string {
  return fraction === null ? ABSENT : `${signedText(fraction.times(100), places)} %`
}

/** Shortest fixed notation, grouped: quantities and prices. */
export function exactText(value: Decimal): string {
  return grouped(value.isZero() ? '0' : value.toFixed())
}

/** `43,200` */
export function countText(count: number): string {
  return grouped(String(count))
}

/** Groups the whole digits by thousands; a rounded zero has no sign. */
function grouped(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? ['', '', text]
  const magnitude = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction}`
  return isZeroText(magnitude) ? magnitude : `${sign}${magnitude}`
}

function isZeroText(text: string): boolean {
  return /^[0.]+$/.test(text)
}
