import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import { Strategy } from './strategy.ts'

class Opens extends Strategy {
  longQty = 0
  shortQty = 0
  onBar() {
    if (this.index !== 0) return
    if (this.longQty > 0) this.long.open({ qty: this.longQty })
    if (this.shortQty > 0) this.short.open({ qty: this.shortQty })
  }
}

function held(longQty: number, shortQty: number, positionMode: 'one-way' | 'hedge' = 'hedge'): { strategy: Opens; venue: FakeVenue } {
  const strategy = new Opens()
  strategy.longQty = longQty
  strategy.shortQty = shortQty
  const venue = new FakeVenue(strategy, { positionMode })
  venue.bar(100)
  venue.bar(100)
  return { strategy, venue }
}

describe('the pair as one position', () => {
  it('one-way: the open leg with its sign', () => {
    const { strategy, venue } = held(0, 2, 'one-way')
    venue.bar(90)
    expect(strategy.position).toMatchObject({ mode: 'one-way', qty: -2, entryPrice: 100, pnl: 20, value: 180, type: 'short', isShort: true, isLong: false, isOpen: true, isClose: false, currentPrice: 90 })
  })

  it('hedge: both legs, net and gross', () => {
    const { strategy, venue } = held(3, 1)
    venue.bar(110)
    expect(strategy.position).toMatchObject({
      mode: 'hedge', netQty: 2, qty: 2, grossQty: 4, totalPnl: 20, totalValue: 440, lockedPnl: 0, type: 'long', isLong: true, isShort: true, hasAnyOpen: true, isBothClosed: false, previousQty: 3,
    })
    expect(strategy.position.getPosition('short')).toMatchObject({ leg: 'short', qty: 1, pnl: -10 })
  })

  it('equal legs are neutral: no break-even price once fees are paid', () => {
    const { strategy } = held(1, 1)
    expect(strategy.position).toMatchObject({ type: 'neutral', netQty: 0, isOpen: true, isClose: false, lockedPnl: 0 })
    expect(strategy.position.pnl).toBe(0)
  })

  it('break-even counts the fee of closing', () => {
    const { strategy } = held(1, 0)
    // 1 x P - 100 - 0.0005 x P = 0
    expect(strategy.position.breakEvenPrice).toBeCloseTo(100 / 0.9995, 10)
  })

  it('flat is close', () => {
    const { strategy } = held(0, 0)
    expect(strategy.position).toMatchObject({ type: 'close', isOpen: false, isClose: true, isBothClosed: true, qty: 0, entryPrice: null, breakEvenPrice: null, pnl: 0, pnlPercentage: 0 })
  })
})
