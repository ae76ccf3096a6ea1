/** Numbers in sentences. */
import type { Decimal } from '@hedgerow/core'

/** Quote units with two places. */
export function money(value: Decimal): string {
  return value.toFixed(2)
}

/** A fraction as percent, one place: `12.5 %`. */
export function percent(fraction: Decimal): string {
  return `${fraction.times(100).toFixed(1)} %`
}

/** `1 trade`, `12 trades`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** UTC, to the minute. */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
