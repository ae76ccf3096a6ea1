/** A strategy that does nothing but be called. */
import { Strategy } from '@hedgerow/strategy-sdk'

/** Counts its calls. */
export class Idle extends Strategy {
  calls = 0

  override onBar(): void {
    this.calls++
  }
}
