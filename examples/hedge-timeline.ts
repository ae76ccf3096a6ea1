/**
 * The smallest hedge: a long and a short leg on one symbol, opened and closed at fixed bars.
 *
 *     bar     5        10              20        25
 *     long    |==========================|
 *     short            |===========================|
 *
 * Nothing here depends on prices, so every number of the result can be checked by hand: read it first.
 */
import { Strategy, z } from '@hedgerow/strategy-sdk'

export const params = z.object({
  longQty: z.number().positive().default(1).meta({ description: 'Base units of the long leg' }),
  shortQty: z.number().positive().default(0.5).meta({ description: 'Base units of the short leg' }),
})

export default class HedgeTimeline extends Strategy<typeof params> {
  static params = params

  // A handle trades one leg and never touches the other. Orders without a price are market orders:
  // decided at the close of a bar, they fill at the next open.
  onBar() {
    if (this.index === 5) this.long.open({ qty: this.hp.longQty })
    if (this.index === 10) this.short.open({ qty: this.hp.shortQty })
    if (this.index === 20) this.long.close()
    if (this.index === 25) this.short.close()
  }
}
