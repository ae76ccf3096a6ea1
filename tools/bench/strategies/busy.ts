/** A limit order at every close. */
import { Strategy } from '@hedgerow/strategy-sdk'

/** A limit order at every close: an entry below the market, cancelled and placed anew; once it has filled, a target above, replaced. */
export class Busy extends Strategy {
  override shouldLong(): boolean {
    return true
  }

  override goLong(): void {
    this.buy = [1, this.price * 0.995]
  }

  override updatePosition(): void {
    this.takeProfit = [1, this.price * 1.005]
  }
}
