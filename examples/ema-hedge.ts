/**
 * A trend follower that hedges instead of giving up.
 *
 * When the fast average crosses the slow one, the leg of that direction opens with a stop and two targets. If the trend then turns
 * against an open leg that has lost `hedgeAt` percent, the *other* leg opens beside it with a part of its quantity: the loss is held
 * while the pullback is traded. The hedge goes when the trend turns back, or by its own stop and target.
 *
 * Shows: rules for both legs, the hedge hooks, declared exits that follow the leg, reading both legs at once.
 */
import { Strategy, ta, z, type Leg } from '@hedgerow/strategy-sdk'

export const params = z.object({
  fast: z.int().min(2).max(50).default(8).meta({ step: 1, description: 'Bars of the fast average' }),
  slow: z.int().min(10).max(200).default(21).meta({ step: 1, description: 'Bars of the slow average' }),
  size: z.number().min(1).max(100).default(20).meta({ step: 1, description: 'Value of a trend leg, percent of the equity' }),
  stop: z.number().min(0.1).max(10).default(1.5).meta({ step: 0.1, description: 'Distance of the stop, percent' }),
  target: z.number().min(0.1).max(20).default(1).meta({ step: 0.1, description: 'Distance of the first target, percent; the second is twice as far' }),
  hedgeAt: z.number().min(0.05).max(5).default(0.4).meta({ step: 0.05, description: 'Loss of a leg at which it may be hedged, percent' }),
  hedgePart: z.number().min(0.1).max(1).default(0.5).meta({ step: 0.1, description: 'Quantity of a hedge, as a part of the leg that it hedges' }),
})

export default class EmaHedge extends Strategy<typeof params> {
  static params = params

  shouldLong() {
    return this.short.isFlat && ta.crossover(this.#fast, this.#slow)
  }

  shouldShort() {
    return this.long.isFlat && ta.crossunder(this.#fast, this.#slow)
  }

  // Asked only while the other leg is open.
  shouldLongHedge() {
    return this.short.priceChangePercentage < -this.hp.hedgeAt && this.#trend > 0
  }

  shouldShortHedge() {
    return this.long.priceChangePercentage < -this.hp.hedgeAt && this.#trend < 0
  }

  goLong() {
    this.#enter('long', this.#trendQty)
  }

  goShort() {
    this.#enter('short', this.#trendQty)
  }

  goLongHedge() {
    this.#enter('long', this.short.qty * this.hp.hedgePart)
  }

  goShortHedge() {
    this.#enter('short', this.long.qty * this.hp.hedgePart)
  }

  // The leg that opened second is the hedge: it goes when the trend is back on the side of the first.
  updatePosition() {
    const { long, short } = this
    if (long.openedAt === null || short.openedAt === null) return
    const hedge = long.openedAt > short.openedAt ? long : short
    if (hedge === long ? this.#trend < 0 : this.#trend > 0) hedge.close()
  }

  /** An entry at market with its exits. `'all'` follows the leg: after the first target the stop covers what is left. */
  #enter(leg: Leg, qty: number) {
    const direction = leg === 'long' ? 1 : -1
    const at = (percent: number) => this.price * (1 + (direction * percent) / 100)
    if (leg === 'long') this.buy = [qty, this.price]
    else this.sell = [qty, this.price]
    this.stopLoss = ['all', at(-this.hp.stop)]
    this.takeProfit = [[qty / 2, at(this.hp.target)], ['all', at(2 * this.hp.target)]]
  }

  get #trendQty() {
    return this.sizeToQty((this.equity * this.hp.size) / 100)
  }

  get #fast() {
    return ta.ema.series(this.candles, this.hp.fast)
  }

  get #slow() {
    return ta.ema.series(this.candles, this.hp.slow)
  }

  get #trend() {
    return ta.ema(this.candles, this.hp.fast) - ta.ema(this.candles, this.hp.slow)
  }
}
