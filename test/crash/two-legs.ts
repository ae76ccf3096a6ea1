/** What crash tests trade: a long and a short leg, each with its stop and its target, at a price of 100; `act` says what happens to them. */
import { Strategy } from '@hedgerow/strategy-sdk'
import { z } from 'zod'

export const params = z.object({
  act: z.enum(['hold', 'withdraw', 'tighten', 'replace', 'pair', 'again']).default('hold').meta({ description: 'What is done beside opening both legs' }),
})

/** The bar on which both legs are opened, and the one on which something is done to them. */
const OPENS = 2
const ACTS = 5

// oxlint-disable-next-line import/no-default-export -- a configuration names a strategy by its file
export default class TwoLegs extends Strategy<typeof params> {
  static params = params

  onBar(): void {
    const { act } = this.hp
    if (this.index === OPENS) this.#open()
    if (act === 'withdraw' && this.index === OPENS + 1) this.long.open({ qty: 1, price: 97, stopLoss: 95, tag: 'add' })
    if (this.index !== ACTS) return
    if (act === 'withdraw') this.long.cancel('add')
    if (act === 'tighten') this.long.close({ trigger: 96, tag: 'l.sl' })
    if (act === 'replace') this.long.close({ trigger: 96, price: 95.5, tag: 'l.sl' })
    if (act === 'again') this.long.open({ qty: 2, stopLoss: 90, tag: 'l2' })
  }

  #open(): void {
    if (this.hp.act === 'pair') {
      this.openPair({ long: { qty: 1 }, short: { qty: 1 }, onFailure: 'unwind', completeWithin: 60_000 })
      return
    }
    this.long.open({ qty: 1, stopLoss: 95, takeProfit: 120, tag: 'l' })
    this.short.open({ qty: 0.5, stopLoss: 130, takeProfit: 80, tag: 's' })
  }
}
