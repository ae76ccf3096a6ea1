/** Two averages cross: in at market with a stop and a target. In hedge mode each leg goes its own way. */
import { Strategy, ta, z } from '@hedgerow/strategy-sdk'

export const crossParams = z.object({
  fast: z.int().min(2).max(50).default(8).meta({ step: 1 }),
  slow: z.int().min(3).max(200).default(21).meta({ step: 1 }),
  stop: z.number().min(0.1).max(20).default(2).meta({ step: 0.5 }),
  target: z.number().min(0.1).max(40).default(4).meta({ step: 0.5 }),
})

export default class EmaCross extends Strategy<typeof crossParams> {
  static override params = crossParams

  override shouldLong(): boolean {
    return ta.crossover(ta.ema.series(this.candles, this.hp.fast), ta.ema.series(this.candles, this.hp.slow))
  }

  override shouldShort(): boolean {
    return ta.crossunder(ta.ema.series(this.candles, this.hp.fast), ta.ema.series(this.candles, this.hp.slow))
  }

  override goLong(): void {
    this.buy = [1, this.price]
    this.stopLoss = [1, this.price * (1 - this.hp.stop / 100)]
    this.takeProfit = [1, this.price * (1 + this.hp.target / 100)]
  }

  override goShort(): void {
    this.sell = [1, this.price]
    this.stopLoss = [1, this.price * (1 + this.hp.stop / 100)]
    this.takeProfit = [1, this.price * (1 - this.hp.target / 100)]
  }
}
