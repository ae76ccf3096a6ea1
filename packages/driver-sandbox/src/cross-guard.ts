/**
 * Guards of a cross account: for each symbol an interval of mark prices. While every mark is inside its own, liquidation is impossible, so
 * the scan may skip ahead. Computed in floats and shrunk by an error bound: early, never late.
 *
 * What a symbol contributes to equity minus maintenance margin, `g(p)`, is concave where tier rates rise. With slack `F = W + sum of g(m)` at
 * the marks `m`, each symbol gets a share `w F`; its guard is where `g(p) > g(m) - w F`, an interval around `m`. Inside all of them the sum
 * stays positive. The end points are proven one by one: concavity then covers what lies between.
 */
import { chargedOrders, crossBacking, crossCurve, doubleOf, tierAt, type MarginAccount, type MarginPair, type RiskCurve, type VenueProfile } from '@hedgerow/core'

/** Liquidation is impossible while `below < mark < above` for every symbol. `below` is at least 0; `above` is Infinity where the mark does not matter. */
export interface MarkGuard {
  readonly symbol: string
  readonly below: number
  readonly above: number
}

/** Extremes of one symbol's mark within a minute. */
export interface MarkRange {
  readonly low: number
  readonly high: number
}

/**
 * Guards around the marks of `account.pairs`, in their order; with one symbol the guard is the liquidation price. Null when a tier table is not
 * convex or the slack is not positive beyond doubt: then every candle has to be walked.
 */
export function crossGuards(profile: VenueProfile, account: MarginAccount): readonly MarkGuard[] | null {
  if (account.pairs.some((pair) => !pair.tiers.convex)) return null
  const terms = account.pairs.map((pair) => concaveTerm(profile, account, pair))
  const marks = account.pairs.map((pair) => doubleOf(pair.mark))
  const slack = slackAt(doubleOf(crossBacking(profile, account)), terms, marks)
  if (slack <= 0) return null
  const weights = terms.map((term, index) => weightOf(term, marks[index] ?? 0))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return terms.map((term, index) => {
    const mark = marks[index] ?? 0
    if (isConstant(term)) return { symbol: term.symbol, below: 0, above: Number.POSITIVE_INFINITY }
    const share = ((weights[index] ?? 0) / total) * slack * BELOW_ONE
    return { symbol: term.symbol, ...intervalAbove(term, mark, upper(term, mark) - share) }
  })
}

/** True when no combination of marks within these ranges (in the order of the pairs) can liquidate: that minute needs no walk, only new guards. */
export function safeWithin(profile: VenueProfile, account: MarginAccount, ranges: readonly MarkRange[]): boolean {
  if (account.pairs.some((pair) => !pair.tiers.convex)) return false
  const terms = account.pairs.map((pair) => concaveTerm(profile, account, pair))
  const worst = terms.map((term, index) => {
    const range = ranges[index] ?? { low: Number.NaN, high: Number.NaN }
    return lower(term, range.low) < lower(term, range.high) ? range.low : range.high
  })
  return slackAt(doubleOf(crossBacking(profile, account)), terms, worst) > 0
}

/** `g` of one symbol: `base + slope p - sum over tiered quantities of max over tiers of (qty p rate - deduction) + sum of order losses`. */
interface ConcaveTerm {
  readonly symbol: string
  readonly slope: number
  readonly base: number
  /** One row a tiered quantity: lines of its tiers. A convex table is the largest of its lines. */
  readonly tiered: readonly (readonly { readonly slope: number; readonly constant: number }[])[]
  /** Resting openers: `min(0, slope (p - price))`. */
  readonly losses: readonly { readonly slope: number; readonly price: number }[]
  /** How many numbers are added up. */
  readonly size: number
}

function concaveTerm(profile: VenueProfile, account: MarginAccount, pair: MarginPair): ConcaveTerm {
  const curve = crossCurve(profile, account, pair)
  const tiered = curve.tiered.map(linesOf)
  const losses = profile.orderMargin.orderLoss
    ? chargedOrders(profile, account, pair).map(({ order, qty }) => ({ slope: order.leg === 'long' ? doubleOf(qty) : -doubleOf(qty), price: doubleOf(order.price) }))
    : []
  return { symbol: pair.symbol, slope: doubleOf(curve.slope), base: doubleOf(curve.base.minus(curve.reserve)), tiered, losses, size: 2 + 2 * tiered.length + losses.length }
}

function linesOf({ qty, tiers }: RiskCurve['tiered'][number]): ConcaveTerm['tiered'][number] {
  return tiers.tiers.map((_, index) => {
    const { rate, deduction } = tierAt(tiers, index)
    return { slope: doubleOf(qty.times(rate)), constant: doubleOf(deduction) }
  })
}

/** `g(p)` and the sum of the magnitudes that it was added up from. */
function evaluate(term: ConcaveTerm, price: number): { readonly value: number; readonly magnitude: number } {
  let value = term.base + term.slope * price
  let magnitude = Math.abs(term.base) + Math.abs(term.slope * price)
  for (const lines of term.tiered) {
    let margin = Number.NEGATIVE_INFINITY
    for (const { slope, constant } of lines) {
      margin = Math.max(margin, slope * price - constant)
      magnitude += Math.abs(slope * price) + Math.abs(constant)
    }
    value -= margin
  }
  for (const { slope, price: at } of term.losses) {
    value += Math.min(0, slope * (price - at))
    magnitude += Math.abs(slope) * (Math.abs(price) + Math.abs(at))
  }
  return { value, magnitude }
}

/**
 * Bound of the error of a sum of `size` terms: recursive summation loses less than `(size - 1) 2^-53` of the magnitudes, a term (its factors and
 * the price read as doubles, a difference, a product) less than `5 x 2^-53`; doubled, so that higher orders and the bound's own rounding fit in.
 */
function errorOf(magnitude: number, size: number): number {
  return magnitude * (size + 8) * 2 ** -52
}

/** Takes the rounding of shares and their sum off. */
const BELOW_ONE = 1 - 2 ** -40

/** Not below the true `g(p)`. */
function upper(term: ConcaveTerm, price: number): number {
  const { value, magnitude } = evaluate(term, price)
  return value + errorOf(magnitude, term.size)
}

/** Not above the true `g(p)`. */
function lower(term: ConcaveTerm, price: number): number {
  const { value, magnitude } = evaluate(term, price)
  return value - errorOf(magnitude, term.size)
}

/** Not above the true slack at these marks; NaN marks give NaN, which is above nothing. */
function slackAt(backing: number, terms: readonly ConcaveTerm[], marks: readonly number[]): number {
  let value = backing
  let magnitude = Math.abs(backing)
  let size = 1
  for (const [index, term] of terms.entries()) {
    const part = evaluate(term, marks[index] ?? Number.NaN)
    value += part.value
    magnitude += part.magnitude
    size += term.size
  }
  return value - errorOf(magnitude, size)
}

function isConstant(term: ConcaveTerm): boolean {
  return term.slope === 0 && term.tiered.length === 0 && term.losses.length === 0
}

/** Shares follow `|g'| m`, what the symbol may lose in a relative move; the gross value keeps a hedged symbol from having none. */
function weightOf(term: ConcaveTerm, mark: number): number {
  if (isConstant(term)) return 0
  const step = mark * 2 ** -20
  const sensitivity = Math.abs(evaluate(term, mark + step).value - evaluate(term, mark - step).value) / (2 * step)
  const gross = Math.abs(term.slope) + term.tiered.reduce((sum, [first]) => sum + (first?.slope ?? 0), 0) + term.losses.reduce((sum, { slope }) => sum + Math.abs(slope), 0)
  return (sensitivity + gross / 64) * mark
}

/** Beyond this multiple of the mark the guard is set again instead of being solved. */
const FAR = 1024
const HALVINGS = 60

/** The interval around a mark in which `g` is above a threshold beyond doubt. Empty (`below = above = mark`) when the mark itself is in doubt. */
function intervalAbove(term: ConcaveTerm, mark: number, threshold: number): { readonly below: number; readonly above: number } {
  const isSafe = (price: number): boolean => lower(term, price) > threshold
  if (!isSafe(mark)) return { below: mark, above: mark }
  return { below: isSafe(0) ? 0 : lastSafe(isSafe, mark, 0), above: isSafe(mark * FAR) ? mark * FAR : lastSafe(isSafe, mark, mark * FAR) }
}

/** Bisection from a safe price towards an unsafe one; the answer is safe. */
function lastSafe(isSafe: (price: number) => boolean, safe: number, unsafe: number): number {
  let inside = safe
  let outside = unsafe
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (inside + outside) / 2
    if (middle === inside || middle === outside) break
    if (isSafe(middle)) inside = middle
    else outside = middle
  }
  return inside
}
