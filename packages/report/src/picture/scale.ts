/** From values and times to places, and where to put marks on an axis. */

/** Where something is drawn, in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Lowest and highest of what is drawn. */
export interface Span {
  readonly low: number
  readonly high: number
}

/** The span of values; missing ones do not count. With no room between its ends it is widened. */
export function spanOf(values: Iterable<number>, margin: number = 0.06): Span {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return { low: -1, high: 1 }
  const room = high > low ? (high - low) * margin : Math.max(Math.abs(high) * 0.01, 1e-9)
  return { low: low - room, high: high + room }
}

/** From a value to its place in a box: the highest is at the top. */
export function vertical({ y, height }: Box, { low, high }: Span): (value: number) => number {
  return (value) => y + height - ((value - low) / (high - low)) * height
}

/** From a time to its place in a box. */
export function horizontal({ x, width }: Box, { low, high }: Span): (at: number) => number {
  return (at) => x + ((at - low) / (high - low)) * width
}

/** Round values within a span, about `count` of them, and the places that they need. */
export function roundValues({ low, high }: Span, count: number): { readonly values: readonly number[]; readonly places: number } {
  const raw = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= raw) ?? 10)
  const first = Math.ceil(low / step)
  const values = Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => (first + index) * step)
  return { values, places: Math.max(0, -Math.floor(Math.log10(step))) }
}

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const STEPS: readonly number[] = [1, 5, 15, 30].map((minutes) => minutes * MINUTE).concat([1, 3, 6, 12].map((hours) => hours * HOUR), [1, 2, 3, 5, 7, 14, 30, 60, 91, 182, 365].map((days) => days * DAY))

/** A moment on an axis. */
export interface TimeMark {
  readonly at: number
  readonly text: string
}

/** Moments within a span, at most `count`, UTC: months from their first day on, shorter steps from midnight on. */
export function timeMarks({ low, high }: Span, count: number): readonly TimeMark[] {
  const step = STEPS.find((each) => (high - low) / each <= count) ?? 365 * DAY
  const times = step >= 30 * DAY ? monthStarts({ low, high }, Math.round(step / (30.4 * DAY))) : Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, index) => (Math.ceil(low / step) + index) * step)
  return times.map((at) => {
    const text = new Date(at).toISOString()
    return { at, text: step >= 30 * DAY ? text.slice(0, 7) : at % DAY === 0 ? text.slice(0, 10) : text.slice(11, 16) }
  })
}

function monthStarts({ low, high }: Span, every: number): readonly number[] {
  const first = new Date(low)
  const count = Math.ceil((high - low) / (28 * DAY)) + 1
  const months = Array.from({ length: count }, (_, index) => first.getUTCMonth() + 1 + index)
  return months.filter((month) => month % every === 0).map((month) => Date.UTC(first.getUTCFullYear(), month, 1)).filter((at) => at >= low && at <= high)
}
