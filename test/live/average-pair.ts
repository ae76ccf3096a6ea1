/** Opens both legs at one moment, and between two others makes both larger and smaller in turn, by as much as an average of the last closes says. */
import { Strategy, ta, z } from '@hedgerow/strategy-sdk'

const params = z.object({ openAt: z.number(), turnFrom: z.number(), turnUntil: z.number() })

// oxlint-disable-next-line import/no-default-export -- a configuration names a strategy by its file
export default class AveragePair extends Strategy<typeof params> {
  static params: typeof params = params

  override onBar(): void {
    if (this.time === this.hp.openAt) {
      this.long.open({ qty: 1 })
      this.short.open({ qty: 1 })
    }
    if (this.time < this.hp.turnFrom || this.time > this.hp.turnUntil) return
    // A candle more or less among the thirty is another quantity; an average that is a last bit off is not.
    const qty = 0.2 + Math.floor(((ta.sma(this.candles, 30) * 100 + 1 / 60) % 1) * 30) / 100
    if (this.time % 120_000 === 0) {
      this.long.open({ qty })
      this.short.close({ qty })
    } else {
      this.long.close({ qty })
      this.short.open({ qty })
    }
  }
}
