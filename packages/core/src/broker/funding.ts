/** Funding of a leg (SIMULATION 1.8): a positive rate lets longs pay shorts. One posting a leg, even where the legs cancel. */
import { maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import { legSign, type Leg } from '../domain/leg.ts'
import { postMoney, type MoneyRule } from '../domain/money.ts'
import type { TimeMs } from '../domain/time.ts'
import type { IsolatedRules } from '../driver/venue-profile.ts'

/** Which positions a settlement at T takes: those held before T, or also those opened or closed at T. */
export type FundingBoundary = 'before' | 'inclusive'

/** What a leg pays or receives. */
export interface FundingInput {
  readonly leg: Leg
  /** Base units, held at the boundary. */
  readonly qty: Decimal
  /** Mark price at the settlement. */
  readonly mark: Decimal
  /** 0.0001 is 1 bp. */
  readonly rate: Decimal
}

/** `-side x qty x mark x rate`, rounded as the account books it; positive when received. Long 1 at 60,000 and 0.01 %: -6 [P]. */
export function fundingAmount(money: MoneyRule, { leg, qty, mark, rate }: FundingInput): Decimal {
  const amount = postMoney(money, qty.times(mark).times(rate).abs())
  const pays = (legSign(leg) === 1) === rate.gt(0)
  return pays && !amount.isZero() ? amount.neg() : amount
}

/** Events in rising order of time, funding before or after the other events of its time; otherwise the order stays. */
export function inFundingOrder<Event extends { readonly at: TimeMs; readonly type: string }>(events: readonly Event[], boundary: FundingBoundary): readonly Event[] {
  const classOf = (event: Event): number => ((event.type === 'funding.settled') === (boundary === 'before') ? 0 : 1)
  return events.toSorted((a, b) => a.at - b.at || classOf(a) - classOf(b))
}

/** Where an isolated leg's funding comes from or goes to. */
export interface IsolatedFunding {
  readonly isolatedMargin: Decimal
  readonly available: Decimal
  /** What the leg's margin gained, signed: the `margin.moved` that goes with the settlement; zero for none. */
  readonly moved: Decimal
}

/** Settles an amount on an isolated leg: with its own margin, or with available margin first and its margin for what that lacks [P ISO-004..006]. */
export function isolatedFunding(rules: IsolatedRules, input: { readonly amount: Decimal; readonly isolatedMargin: Decimal; readonly available: Decimal }): IsolatedFunding {
  const { amount, isolatedMargin, available } = input
  const fromAvailable = amount.lt(0) ? minDecimal(amount.neg(), maxDecimal(available, ZERO)).neg() : amount
  const moved = rules.fundingFrom === 'margin' ? amount : amount.minus(fromAvailable)
  return { isolatedMargin: isolatedMargin.plus(moved), available: available.plus(amount.minus(moved)), moved }
}
