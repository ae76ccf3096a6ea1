/**
 * A portfolio of two perpetuals that collects funding: short the one whose longs pay more, long the other.
 *
 * Funding goes from the longs to the shorts where the rate is positive. The two legs are of equal value, so what both markets do
 * together cancels out, and the difference of the rates is earned as long as it lasts. A little after each settlement the rates that
 * were just paid decide what to hold; the rate of a settlement that is still ahead cannot be read.
 *
 * Shows: a route over several symbols, `openGroup`, a timer, `vars`, funding by symbol.
 */
import { Strategy, z, type LegHandle, type Market } from '@hedgerow/strategy-sdk'

export const params = z.object({
  size: z.number().min(1).max(200).default(50).meta({ step: 1, description: 'Value of each leg, percent of the equity' }),
  enterAt: z.number().min(0).max(1).default(0.01).meta({ step: 0.001, description: 'Difference of the rates from which it is worth holding, percent a settlement' }),
  exitAt: z.number().min(-1).max(1).default(0).meta({ step: 0.001, description: 'Difference of the rates, in the direction held, below which the legs go, percent a settlement' }),
  drift: z.number().min(1).max(50).default(5).meta({ step: 1, description: 'Distance of a leg from its value at which it is rebalanced, percent' }),
})

/** The symbol that is meant to be short; null for none. */
const vars = z.object({ short: z.string().nullable().default(null) })

export default class FundingHarvest extends Strategy<typeof params, typeof vars> {
  static params = params
  static vars = vars
  static timers = { settled: { every: '8h', offset: '5m' } }

  // What to hold changes only here: between two settlements nothing new is known of the rates.
  onTimer() {
    const [low, high] = [...this.markets].sort((a, b) => this.rate(a) - this.rate(b))
    if (low === undefined || high === undefined || this.markets.some(({ lastFundingRate }) => lastFundingRate === null)) return
    const { short } = this.vars
    const held = short === low.symbol ? this.rate(low) - this.rate(high) : this.rate(high) - this.rate(low)
    if (short !== null && held <= this.hp.exitAt) this.vars.short = null
    if (this.rate(high) - this.rate(low) >= this.hp.enterAt) this.vars.short = high.symbol
  }

  // Every bar works towards what is meant to be held: first what is wrong goes, then what is missing comes, then values are kept equal.
  onBar() {
    const wrong = this.markets.flatMap(({ long, short }) => [long, short]).filter((leg) => leg.isOpen && !this.isMeant(leg))
    if (wrong.length > 0) return wrong.forEach((leg) => leg.close())
    const legs = this.meant()
    if (legs.length > 0 && legs.every(({ leg }) => leg.isFlat)) {
      this.openGroup(legs.map(({ market: { symbol }, leg, qty }) => ({ symbol, leg: leg.leg, qty })), { onFailure: 'unwind', completeWithin: 60_000 })
    } else {
      for (const { leg, qty } of legs) this.rebalance(leg, qty)
    }
  }

  /** The two legs that are meant to be held, with their quantities. */
  meant(): readonly { readonly market: Market; readonly leg: LegHandle; readonly qty: number }[] {
    if (this.vars.short === null) return []
    return this.markets.map((market) => ({
      market, leg: market.symbol === this.vars.short ? market.short : market.long, qty: this.sizeToQty((this.equity * this.hp.size) / 100, { price: market.price }),
    }))
  }

  isMeant(leg: LegHandle) {
    return this.meant().some((meant) => meant.leg === leg)
  }

  /** Brings a leg that has moved away from its value back to it. */
  rebalance(leg: LegHandle, qty: number) {
    if (Math.abs(leg.qty / qty - 1) * 100 < this.hp.drift) return
    if (leg.qty < qty) leg.open({ qty: qty - leg.qty })
    else leg.close({ qty: leg.qty - qty })
  }

  /** The last settled rate, percent a settlement. */
  rate({ lastFundingRate }: Market) {
    return (lastFundingRate ?? 0) * 100
  }
}
