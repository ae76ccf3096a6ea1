/**
 * A trend follower that averages into its long, and shorts against it while it is under water.
 *
 * - It enters long when a fast TEMA crosses a slow one upwards, the same averages of a longer timeframe agree, and ADX and CMO say that
 *   the move has strength. The target is a number of average true ranges above the average entry.
 * - While the long falls it adds to it in steps, until it holds a share of the balance.
 * - When the long has lost `hedgeAt` percent of its margin (so leverage counts) and both trends have turned down, a short opens beside it.
 * - The short goes in profit when the trend turns up, or when what the long has won back covers what the short has lost.
 * - Part of what the short has won pays for selling a piece of the long at a loss, which a limit order buys back lower: the average
 *   entry comes down, and with it the price at which the long is out of the water.
 *
 * Shows: two timeframes, both legs with different lives, exits that follow the leg, a tagged order, hooks about one leg.
 */
import { Strategy, ta, z, type CandleSeries, type Leg, type OrderView, type Trade } from '@hedgerow/strategy-sdk'

export const params = z.object({
  fast: z.int().min(2).max(50).default(8).meta({ step: 1, description: 'Bars of the fast TEMA' }),
  slow: z.int().min(5).max(60).default(20).meta({ step: 1, description: 'Bars of the slow TEMA' }),
  anchor: z.string().default('1h').meta({ description: 'The longer timeframe; it has to be a data route' }),
  adx: z.number().min(0).max(60).default(20).meta({ step: 1, description: 'ADX above which there is a trend' }),
  cmo: z.number().min(0).max(80).default(10).meta({ step: 1, description: 'CMO above which it has momentum' }),
  size: z.number().min(0.5).max(50).default(5).meta({ step: 0.5, description: 'Margin of the entry and of each step, percent of the balance' }),
  most: z.number().min(1).max(100).default(30).meta({ step: 1, description: 'Margin that the long may take, percent of the balance' }),
  step: z.number().min(0.1).max(20).default(1).meta({ step: 0.1, description: 'Fall below the average entry at which the long grows, percent, times the steps so far' }),
  target: z.number().min(0.5).max(20).default(4).meta({ step: 0.5, description: 'Average true ranges from the average entry to the target' }),
  hedgeAt: z.number().min(1).max(100).default(8).meta({ step: 1, description: 'Loss of the long at which it is hedged, percent of its margin' }),
  hedgePart: z.number().min(0.1).max(1).default(0.8).meta({ step: 0.1, description: 'Quantity of the hedge, as a part of the long' }),
  buffer: z.number().min(0).max(5).default(0.2).meta({ step: 0.1, description: 'Gain over all costs at which the hedge may go, percent of its value' }),
  recycle: z.number().min(0).max(1).default(0.5).meta({ step: 0.1, description: 'Part of what the hedge has won that lowers the entry of the long' }),
  rebuyAt: z.number().min(0.1).max(10).default(0.5).meta({ step: 0.1, description: 'How far below the price a sold piece is bought back, percent' }),
})

export default class DcaHedge extends Strategy<typeof params> {
  static params = params

  shouldLong() {
    return this.short.isFlat && ta.crossover(this.#fast(this.candles), this.#slow(this.candles)) && this.#trend(this.#anchor) > 0
      && ta.adx(this.candles) > this.hp.adx && ta.cmo(this.candles) > this.hp.cmo
  }

  goLong() {
    this.buy = [this.#stepQty, this.price]
    this.takeProfit = ['all', this.#target(this.price)]
  }

  // Asked only while the long is open and the short is flat.
  shouldShortHedge() {
    return this.long.pnlPercentage < -this.hp.hedgeAt && this.#trend(this.candles) < 0 && this.#trend(this.#anchor) < 0
  }

  goShortHedge() {
    this.sell = [this.long.qty * this.hp.hedgePart, this.price]
  }

  updatePosition() {
    if (this.long.isOpen && this.short.isFlat) this.#addStep()
    if (this.short.isOpen && this.#hedgeIsDone()) this.short.close()
  }

  // The target follows the average entry: down with each step, and with each piece that was bought back.
  onIncreasedPosition(_order: OrderView | null, leg: Leg) {
    if (leg === 'long' && this.long.entryPrice !== null) this.takeProfit = ['all', this.#target(this.long.entryPrice)]
  }

  onClosePosition(_order: OrderView | null, trade: Trade, leg: Leg) {
    if (leg === 'long') {
      // Without the long the short hedges nothing.
      this.long.cancel('rebuy')
      if (this.short.isOpen) this.short.close()
    } else if (this.long.isOpen) {
      this.#lowerEntry(trade.netPnl.toNumber() * this.hp.recycle)
    }
  }

  #addStep() {
    const { long, hp } = this
    const isDue = long.priceChangePercentage < -hp.step * long.history.increasedCount
    const margin = (long.qty + this.#stepQty) * (this.price / this.leverage)
    if (isDue && margin <= (this.balance * hp.most) / 100) long.open({ qty: this.#stepQty })
  }

  /** In profit on a signal, or paid for by what the long has won back. */
  #hedgeIsDone() {
    const { long, short } = this
    const buffer = (short.value * this.hp.buffer) / 100 + 2 * short.value * this.feeRate
    const turnsUp = this.#trend(this.candles) > 0 && this.#trend(this.#anchor) > 0
    return short.pnl > 0 ? turnsUp && short.pnl > buffer : long.pnl + short.pnl > buffer
  }

  /** Sells as much of the long as `money` pays the loss of, half of it at most, and bids for the same quantity below. */
  #lowerEntry(money: number) {
    const { long, price } = this
    if (long.entryPrice === null || long.entryPrice <= price || money <= 0) return
    const qty = Math.min(money / (long.entryPrice - price), long.qty / 2)
    if (qty < this.instrument.minQty.toNumber() || qty < this.instrument.qtyStep.toNumber()) return
    long.close({ qty })
    long.open({ tag: 'rebuy', qty, price: price * (1 - this.hp.rebuyAt / 100) })
  }

  #target(from: number) {
    return from + this.hp.target * ta.atr(this.candles)
  }

  get #stepQty() {
    return this.sizeToQty((this.balance * this.hp.size * this.leverage) / 100)
  }

  get #anchor() {
    return this.getCandles(this.symbol, this.hp.anchor)
  }

  /** Above zero where the fast average is above the slow one. */
  #trend(candles: CandleSeries) {
    return ta.tema(candles, this.hp.fast) - ta.tema(candles, this.hp.slow)
  }

  #fast(candles: CandleSeries) {
    return ta.tema.series(candles, this.hp.fast)
  }

  #slow(candles: CandleSeries) {
    return ta.tema.series(candles, this.hp.slow)
  }
}
