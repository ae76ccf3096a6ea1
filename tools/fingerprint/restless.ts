/** A strategy that does a little of everything, driven by a seeded generator: for comparing engines, not for trading. */
import { Strategy, z, type LegHandle } from '@hedgerow/strategy-sdk'

export const params = z.object({ seed: z.int().default(1), size: z.number().default(0.4) })

/** Random orders of every kind on both legs, with brackets, tags, amendments and cancellations. */
export class Restless extends Strategy<typeof params> {
  static override params = params
  #state = 0

  override onBar(): void {
    if (this.index === 0) this.#state = this.hp.seed
    const leg = this.#next(2) === 0 ? this.long : this.short
    const qty = this.hp.size * (1 + this.#next(9))
    if (leg.isOpen && this.#next(3) === 0) this.#reduce(leg, qty)
    else this.#enlarge(leg, qty)
    if (this.#next(29) === 0) leg.cancel()
    if (this.#next(41) === 0) this.liquidate(leg.leg)
  }

  #enlarge(leg: LegHandle, qty: number): void {
    const [sign, { price }] = [leg.leg === 'long' ? 1 : -1, this]
    const away = (percent: number): number => price * (1 + (sign * percent) / 100)
    const tag = `tag-${this.#next(4)}`
    switch (this.#next(6)) {
      case 0: leg.open({ qty }); break
      case 1: leg.open({ qty, price: away(-0.05 * (1 + this.#next(5))), tag }); break
      case 2: leg.open({ qty, trigger: away(0.03 * (1 + this.#next(5))), tag }); break
      case 3: leg.open({ qty, price: away(-0.1), tag, stopLoss: away(-0.5), takeProfit: away(0.2) }); break
      case 4: leg.open({ qty, price: away(0.02), timeInForce: 'IOC' }); break
      default: leg.open({ qty, price: away(-0.02), postOnly: this.#next(2) === 0, expiresIn: 90_000 * (1 + this.#next(3)) })
    }
  }

  #reduce(leg: LegHandle, qty: number): void {
    const [sign, { price }] = [leg.leg === 'long' ? 1 : -1, this]
    const away = (percent: number): number => price * (1 + (sign * percent) / 100)
    switch (this.#next(5)) {
      case 0: leg.close(); break
      case 1: leg.close({ qty, price: away(0.1), tag: 'out' }); break
      case 2: leg.close({ qty, trailing: { distanceRatio: 0.001 * (1 + this.#next(3)) }, tag: 'trail' }); break
      case 3: leg.protect({ stopLoss: away(-0.4), takeProfit: away(0.3) }); break
      default: leg.close({ qty, trigger: away(-0.15), price: away(-0.2) })
    }
  }

  #next(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((this.#state / 2 ** 32) * below)
  }
}
