/**
 * Both legs on one bar: when the market is quiet, a long and a short open together, each with a bracket of its own.
 *
 * The two cancel each other out until the price leaves the range. Then the losing leg is stopped at a known, small loss,
 * and the winning one runs to its target: twice as far by default.
 *
 * Shows: `openPair`, which opens both legs or neither, and `protect`, which declares exits that wait for the leg to open.
 */
import { Strategy, ta, z } from '@hedgerow/strategy-sdk'

export const params = z.object({
  calm: z.int().min(5).max(60).default(14).meta({ step: 1, description: 'Bars of the present range' }),
  usual: z.int().min(60).max(230).default(120).meta({ step: 10, description: 'Bars of the usual range' }),
  squeeze: z.number().min(0.2).max(1).default(0.6).meta({ step: 0.05, description: 'Quiet is: present range below this part of the usual one' }),
  stop: z.number().min(0.1).max(5).default(0.4).meta({ step: 0.1, description: 'Distance of each stop, percent' }),
  target: z.number().min(0.1).max(10).default(0.8).meta({ step: 0.1, description: 'Distance of each target, percent' }),
  size: z.number().min(1).max(100).default(20).meta({ step: 1, description: 'Value of each leg, percent of the equity' }),
})

export default class PairEntry extends Strategy<typeof params> {
  static params = params

  onBar() {
    if (this.isOpen || this.orders.length > 0 || !this.isQuiet()) return
    const qty = this.sizeToQty((this.equity * this.hp.size) / 100)
    const { price } = this
    const { stop, target } = this.hp
    // If one leg could not open, what has opened would be closed again: half a pair is a bet nobody made.
    this.openPair({ long: { qty }, short: { qty }, onFailure: 'unwind', completeWithin: 60_000 })
    this.long.protect({ stopLoss: price * (1 - stop / 100), takeProfit: price * (1 + target / 100) })
    this.short.protect({ stopLoss: price * (1 + stop / 100), takeProfit: price * (1 - target / 100) })
  }

  isQuiet() {
    return ta.atr(this.candles, this.hp.calm) < this.hp.squeeze * ta.atr(this.candles, this.hp.usual)
  }
}
