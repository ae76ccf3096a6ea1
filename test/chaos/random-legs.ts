/** Trades both legs of its symbol at random, decided by a seed, the symbol, the leg and the bar alone: opens with a stop and a target, adds, halves, tightens, closes. */
import { LEGS } from '@hedgerow/core'
import { Strategy } from '@hedgerow/strategy-sdk'
import { randomOf } from '@hedgerow/venue-lab'
import { z } from 'zod'

export const params = z.object({
  seed: z.int().nonnegative().default(1).meta({ description: 'Decides everything' }),
  startAt: z.int().default(0).meta({ description: 'Bars are counted from here, so that a bar that a dead process missed is no bar less' }),
  value: z.number().positive().default(500).meta({ description: 'Quote units of an entry' }),
})

// oxlint-disable-next-line import/no-default-export -- a configuration names a strategy by its file
export default class RandomLegs extends Strategy<typeof params> {
  static params = params

  onBar(): void {
    for (const leg of LEGS) this.#trade(leg)
  }

  #trade(name: 'long' | 'short'): void {
    const handle = this[name]
    const random = randomOf(seedOf(`${this.hp.seed} ${this.symbol} ${name} ${this.#bar}`))
    random()
    const [what, size, reach] = [random(), random(), random()]
    const away = (share: number): number => this.price * (name === 'long' ? 1 + share : 1 - share)
    const tag = `${name}-${this.#bar}`
    if (handle.qty === 0) {
      handle.cancel(`${name}-limit`)
      if (what < 0.55) handle.open({ qty: this.#qty(size), stopLoss: away(-0.01 - reach / 50), takeProfit: away(0.01 + reach / 50), tag })
      else if (what < 0.8) handle.open({ qty: this.#qty(size), price: away(-0.001), stopLoss: away(-0.02 - reach / 50), tag: `${name}-limit` })
      return
    }
    if (what < 0.25) handle.close()
    else if (what < 0.45) handle.close({ qty: handle.qty / 2 })
    else if (what < 0.55) handle.open({ qty: this.#qty(size), stopLoss: away(-0.015), tag })
  }

  get #bar(): number {
    return (this.time - this.hp.startAt) / 60_000
  }

  #qty(size: number): number {
    return (this.hp.value * (0.5 + size)) / this.price
  }
}

function seedOf(text: string): number {
  let sum = 7
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum, 31) + text.charCodeAt(at)
  return sum
}
