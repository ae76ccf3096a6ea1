/** Run modes of a leg: what each lets through, on either leg, while the other leg trades on. */
import { LEGS, oppositeLeg, type Leg } from '@hedgerow/core'
import { Strategy, type LegMode } from '@hedgerow/strategy-sdk'
import { runStrategy } from '@hedgerow/strategy-sdk/testing'
import { describe, expect, it } from 'vitest'

/** Both legs open one; then the mode of `leg` is set, both are told to grow, to reduce, and after a close to open again. */
function fillsUnder(mode: LegMode, leg: Leg): readonly string[] {
  class Moded extends Strategy {
    onBar() {
      const [mine, other] = [this[leg], this[oppositeLeg(leg)]]
      if (this.index === 0) for (const each of [mine, other]) each.open({ qty: 2 })
      if (this.index === 2) mine.mode = mode
      if (this.index === 3) for (const each of [mine, other]) each.open({ qty: 1 })
      if (this.index === 5) for (const each of [mine, other]) each.close({ qty: 1 })
      if (this.index === 7) for (const each of [mine, other]) each.close()
      if (this.index === 9) for (const each of [mine, other]) each.open({ qty: 4 })
    }
  }
  return runStrategy(Moded, { prices: Array.from({ length: 12 }, () => 100) }).fills.map((fill) => fill.replace(/^@\d+ (?:\S+ )?(?=open|close)/, '').replace(/ at 100$/, ''))
}

const ALLOWED: Readonly<Record<LegMode, readonly string[]>> = {
  normal: ['open 2', 'open 1', 'close 1', 'close 2', 'open 4'],
  'graceful-stop': ['open 2', 'open 1', 'close 1', 'close 2'],
  'tp-only': ['open 2', 'close 1', 'close 1'],
  panic: ['open 2', 'close 2'],
  manual: ['open 2'],
}

describe.each(Object.keys(ALLOWED) as LegMode[])('%s', (mode) => {
  it.each(LEGS)('of the %s leg', (leg) => {
    const of = (which: Leg): string[] => fillsUnder(mode, leg).filter((fill) => fill.includes(` ${which} `)).map((fill) => fill.replace(` ${which} `, ' '))
    expect(of(leg).filter((fill) => !fill.includes('end'))).toEqual(ALLOWED[mode])
    expect(of(oppositeLeg(leg))).toEqual(ALLOWED.normal)
  })
})
