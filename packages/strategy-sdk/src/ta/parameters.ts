/** Checks of indicator parameters. */
import { HedgerowError } from '@hedgerow/core'

/** Longest period that is accepted. */
const LONGEST = 100_000

/**
 * Refuses anything but whole numbers from 1 to 100000.
 *
 * @throws HedgerowError `PARAMETER_INVALID`
 */
export function requirePeriods(indicator: string, periods: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(periods)) {
    if (!Number.isInteger(value) || value < 1 || value > LONGEST) throw invalid(indicator, name, value, `a whole number from 1 to ${LONGEST}`)
  }
}

/**
 * Refuses anything but finite numbers that are not negative.
 *
 * @throws HedgerowError `PARAMETER_INVALID`
 */
export function requireFactor(indicator: string, name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw invalid(indicator, name, value, 'a finite number, not negative')
}

function invalid(indicator: string, name: string, value: unknown, expected: string): HedgerowError {
  return new HedgerowError('PARAMETER_INVALID', { where: `ta.${indicator}`, found: `${name} = ${String(value)}`, expected, remedy: `Correct the ${name} that the strategy passes.` })
}
