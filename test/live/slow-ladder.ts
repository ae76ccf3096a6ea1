/** Lays a ladder of a hundred openers of the long leg and a hundred closers of the short leg below the price, and takes its time over each fill. */
import { Strategy } from '@hedgerow/strategy-sdk'

const STEPS = 100
const SLOW_MS = 5

// oxlint-disable-next-line import/no-default-export -- a configuration names a strategy by its file
export default class SlowLadder extends Strategy {
  #heard = 0

  override onBar(): void {
    if (this.index === 0) this.short.open({ qty: STEPS / 100 })
    if (this.index !== 1) return
    for (let step = 1; step <= STEPS; step++) {
      const price = this.price * (1 - step / 10_000)
      this.long.open({ qty: 0.01, price, tag: `open-${step}` })
      this.short.close({ qty: 0.01, price, tag: `close-${step}` })
    }
  }

  override onOrder({ kind }: { readonly kind: string }): void {
    if (kind !== 'filled') return
    this.#heard += 1
    if (this.#heard === 2 * STEPS + 1) this.log(`heard of ${this.#heard} fills`)
    for (const until = performance.now() + SLOW_MS; performance.now() < until;);
  }
}
