/** A trend follower, ported from the one-way predecessor hook by hook: `docs/migration.md` has both side by side. */
import { Strategy, ta, z } from '@hedgerow/strategy-sdk'

const params = z.object({
  fast: z.int().min(5).max(50).default(8).describe('Bars of the fast average'),
  slow: z.int().min(10).max(200).default(34).describe('Bars of the slow average'),
})

/** In the market with the trend, half of the balance at a time. */
export default class Trend extends Strategy<typeof params> {
  static params = params

  shouldLong() { return this.#fast > this.#slow }
  shouldShort() { return this.#fast < this.#slow }

  goLong() {
    const qty = this.#qty
    this.buy = [qty, this.price]
    this.stopLoss = [qty, this.price * 0.985]
    this.takeProfit = [qty, this.price * 1.03]
  }

  goShort() {
    const qty = this.#qty
    this.sell = [qty, this.price]
    this.stopLoss = [qty, this.price * 1.015]
    this.takeProfit = [qty, this.price * 0.97]
  }

  updatePosition() {
    if (this.isLong ? this.shouldShort() : this.shouldLong()) this.liquidate()
  }

  get #fast() { return ta.sma(this.candles, this.hp.fast) }
  get #slow() { return ta.sma(this.candles, this.hp.slow) }

  /** The predecessor's `size_to_qty` rounds down to three digits. */
  get #qty() {
    return Math.floor(1000 * this.sizeToQty(this.balance / 2, { feeRate: this.feeRate })) / 1000
  }
}
