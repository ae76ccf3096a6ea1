/**
 * A grid on each side of the market: ten rungs that buy below it, ten that sell above it, on two legs that do not know each other.
 *
 * Every rung has a name. Each bar says again what should stand, and only the differences become orders: a rung that rests is left
 * alone, a moved one is amended, and one that has filled keeps its name until its own target has filled too. A leg takes no more
 * rungs than its exposure cap allows, and a leg that is stuck gives up its oldest rung, a little at a time, rather than everything
 * at the worst moment.
 *
 * Shows: leg handles, tags, an order that brings its own target along, `vars` that survive a restart.
 */
import { Strategy, z, type LegHandle } from '@hedgerow/strategy-sdk'

export const params = z.object({
  rungs: z.int().min(1).max(20).default(10).meta({ step: 1, description: 'Rungs a side' }),
  spacing: z.number().min(0.05).max(5).default(0.25).meta({ step: 0.05, description: 'Distance between rungs, percent' }),
  target: z.number().min(0.05).max(5).default(0.3).meta({ step: 0.05, description: 'Distance from a rung to its target, percent' }),
  size: z.number().min(0.1).max(20).default(4).meta({ step: 0.1, description: 'Value of a rung, percent of the starting equity' }),
  cap: z.number().min(1).max(200).default(30).meta({ step: 1, description: 'Most that a leg may hold, percent of the equity' }),
  stuckAt: z.number().min(0.2).max(20).default(1.5).meta({ step: 0.1, description: 'Loss of a leg at which it gives up a rung, percent' }),
  patience: z.int().min(1).max(10_000).default(60).meta({ step: 10, description: 'Bars between two rungs given up' }),
})

/** The middle of each grid and the bar of the last rung given up. */
const side = z.object({ anchor: z.number().nullable().default(null), gaveUpAt: z.int().nullable().default(null) })
const vars = z.object({ long: side.prefault({}), short: side.prefault({}), rungQty: z.number().nullable().default(null) })

export default class HedgeGrid extends Strategy<typeof params, typeof vars> {
  static params = params
  static vars = vars

  onBar() {
    this.vars.rungQty ??= this.sizeToQty((this.equity * this.hp.size) / 100)
    for (const leg of [this.long, this.short]) {
      this.follow(leg)
      this.unstick(leg)
      this.state(leg, this.vars.rungQty)
    }
  }

  /** The grid of a flat leg follows the market; that of an open leg stays where it is. */
  follow(leg: LegHandle) {
    const grid = this.vars[leg.leg]
    const drift = grid.anchor === null ? Infinity : Math.abs(this.price / grid.anchor - 1) * 100
    if (leg.isFlat && drift > this.hp.spacing) grid.anchor = this.price
  }

  /** States the rungs that are due; those beyond the exposure cap go. */
  state(leg: LegHandle, qty: number) {
    const cap = (this.equity * this.hp.cap) / 100
    let value = leg.value
    for (let number = 1; number <= this.hp.rungs; number++) {
      const tag = `rung-${number}`
      if (leg.order(`${tag}.tp`) !== null) continue
      const price = this.rungPrice(leg, number)
      value += qty * price
      if (value > cap || !this.isAhead(leg, price)) leg.cancel(tag)
      else leg.open({ tag, qty, price, takeProfit: price * (1 + (this.sign(leg) * this.hp.target) / 100) })
    }
  }

  /** A stuck leg gives up the rung that is farthest from the market: the one with the lowest number. */
  unstick(leg: LegHandle) {
    const grid = this.vars[leg.leg]
    const isStuck = leg.isOpen && leg.priceChangePercentage < -this.hp.stuckAt
    if (!isStuck || (grid.gaveUpAt !== null && this.index - grid.gaveUpAt < this.hp.patience)) return
    for (let number = 1; number <= this.hp.rungs; number++) {
      const target = leg.order(`rung-${number}.tp`)
      if (target === null) continue
      target.cancel()
      leg.close({ qty: target.exact.qty })
      grid.gaveUpAt = this.index
      return
    }
  }

  rungPrice(leg: LegHandle, number: number) {
    const anchor = this.vars[leg.leg].anchor ?? this.price
    return anchor * (1 - (this.sign(leg) * number * this.hp.spacing) / 100)
  }

  /** A rung waits for the price to come to it: one that the price has passed would fill at once. */
  isAhead(leg: LegHandle, price: number) {
    return leg.leg === 'long' ? price < this.price : price > this.price
  }

  sign(leg: LegHandle) {
    return leg.leg === 'long' ? 1 : -1
  }
}
