/** What an opener would make of the account: checked before it is sent, as if it had filled whole (SIMULATION 7.6). */
import type { AccountMargin } from '../broker/account-margin.ts'
import type { Denial } from '../broker/admission.ts'
import { decimalText, ONE, type Decimal } from '../domain/decimal.ts'
import { LEGS } from '../domain/leg.ts'
import type { Order } from '../domain/order.ts'
import type { MarketData } from '../ports/market-data.ts'
import type { LiveLimits } from './pre-trade.ts'

/** What the checks read. */
export interface MarginCheckOptions {
  readonly limits: Pick<LiveLimits, 'marginRate' | 'liquidationDistance'>
  readonly margin: AccountMargin
  readonly market: MarketData
}

type Check = (order: Order) => Denial | null

/** Makes the checks; a closer passes. */
export function marginChecks(options: MarginCheckOptions): readonly Check[] {
  const { limits: { marginRate, liquidationDistance } } = options
  const checks: Check[] = []
  if (marginRate !== null) checks.push(rateCheck(options, marginRate))
  if (liquidationDistance !== null) checks.push(distanceCheck(options, liquidationDistance))
  return checks
}

/** Maintenance margin over margin balance. */
function rateCheck({ margin, market }: MarginCheckOptions, limit: Decimal): Check {
  return (order) => {
    if (order.intent === 'close') return null
    const fill = fillOf(order, market)
    if (margin.surelyKeepsRate(fill, limit)) return null
    const rate = margin.reportAfter(fill).maintenanceRate
    if (rate !== null && rate.lte(limit)) return null
    return { code: 'LIMIT_EXCEEDED', found: `${rate === null ? 'no margin balance' : `maintenance margin at ${percent(rate)} % of the margin balance`} after it, with limits.marginRate`, expected: `at most ${percent(limit)} %` }
  }
}

/** From the mark to the nearer of the liquidation prices of both legs. */
function distanceCheck({ margin, market }: MarginCheckOptions, limit: Decimal): Check {
  return (order) => {
    if (order.intent === 'close') return null
    const mark = market.markPrice(order.symbol)
    for (const leg of LEGS) {
      const price = margin.liquidationPriceAfter(fillOf(order, market), leg)
      const distance = price?.div(mark).minus(ONE).abs() ?? null
      if (price !== null && distance !== null && distance.lt(limit)) return { code: 'LIMIT_EXCEEDED', found: `the ${leg} leg liquidated at ${decimalText(price.toDecimalPlaces(8))} after it, ${percent(distance)} % from the mark, with limits.liquidationDistance`, expected: `at least ${percent(limit)} %` }
    }
    return null
  }
}

function fillOf({ symbol, leg, qty, price, trigger }: Order, market: MarketData): { readonly symbol: string; readonly leg: Order['leg']; readonly qty: Decimal; readonly price: Decimal } {
  return { symbol, leg, qty, price: price ?? trigger ?? market.price(symbol) }
}

function percent(fraction: Decimal): string {
  return decimalText(fraction.times('100').toDecimalPlaces(2))
}
