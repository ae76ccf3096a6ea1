import { describe, expect, it } from 'vitest'
import { FakeVenue } from '../test/fake-venue.ts'
import { Strategy } from './strategy.ts'

class Scripted extends Strategy {
  entry: () => void = () => {}
  update: (() => void) | null = null
  told: string[] = []
  shouldLong() { return this.index === 0 }
  goLong() { this.entry() }
  updatePosition() {
    const update = this.update
    this.update = null
    update?.()
  }
  onCancel() { this.told.push('onCancel') }
  onClosePosition() { this.told.push('onClosePosition') }
}

function run(entry: (strategy: Scripted) => void): { strategy: Scripted; venue: FakeVenue; next: (update: () => void, price?: number) => string[] } {
  const strategy = new Scripted()
  strategy.entry = () => entry(strategy)
  const venue = new FakeVenue(strategy, { positionMode: 'one-way', rules: { fillAt: 'close', predecessor: true } })
  const next = (update: () => void, price = 100): string[] => {
    strategy.update = update
    return venue.bar(price)
  }
  return { strategy, venue, next }
}

describe('rules of the one-way predecessor', () => {
  it('market orders fill at the close, and exits follow at once', () => {
    const { venue } = run((s) => { s.buy = [1, s.price]; s.stopLoss = [1, 95]; s.takeProfit = [1, 110] })
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 market', 'submit 2 close long 1 stop-market @95', 'submit 3 close long 1 limit @110'])
  })

  it('negative quantities are magnitudes', () => {
    const { venue } = run((s) => { s.buy = [-1, s.price] })
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 market'])
  })

  it('a stop or target on the wrong side of the entry becomes a market order', () => {
    const { venue } = run((s) => { s.buy = [1, s.price]; s.takeProfit = [[0.4, 99], [0.6, 110]] })
    expect(venue.bar(100)).toEqual(['submit 1 open long 1 market', 'submit 2 close long 0.4 market', 'submit 3 close long 0.6 limit @110'])
    expect(venue.logged.join()).toContain('wrong side of the entry')
  })

  it('while open only the entry-side variable is read', () => {
    const { venue, next, strategy } = run((s) => { s.buy = [1, s.price] })
    venue.bar(100)
    expect(next(() => { strategy.sell = [1, 105] })).toEqual([])
    expect(venue.logged.join()).toContain('IGNORED_DECLARATION')
    expect(next(() => { strategy.buy = [1, 95] })).toEqual(['submit 2 open long 1 limit @95'])
  })

  it('in the diff the type of an exit follows its price side only', () => {
    const { venue, next, strategy } = run((s) => { s.buy = [1, s.price] })
    venue.bar(100)
    expect(next(() => { strategy.stopLoss = [1, 105] })).toEqual(['submit 2 close long 1 limit @105'])
  })

  it('null keeps the orders, [] cancels them, an equal list submits nothing', () => {
    const { venue, next, strategy } = run((s) => { s.buy = [1, s.price]; s.stopLoss = [1, 95] })
    venue.bar(100)
    expect(next(() => { strategy.stopLoss = null })).toEqual([])
    expect(next(() => { strategy.stopLoss = [1, 95] })).toEqual([])
    expect(next(() => { strategy.stopLoss = [] })).toEqual(['cancel 2'])
  })

  it('a changed list places every row again, filled ones too', () => {
    const { venue, next, strategy } = run((s) => { s.buy = [2, s.price]; s.takeProfit = [[0.5, 105], [0.5, 110]] })
    venue.bar(100)
    venue.fill(venue.find('@105'))
    expect(next(() => { strategy.takeProfit = [[0.5, 105], [0.5, 111]] })).toEqual(['submit 4 close long 0.5 limit @105', 'submit 5 close long 0.5 limit @111', 'cancel 3'])
  })

  it('a close fires onCancel before onClosePosition and clears the lists', () => {
    const { venue, strategy } = run((s) => { s.buy = [1, s.price]; s.stopLoss = [1, 95]; s.takeProfit = [1, 110] })
    venue.bar(100)
    venue.fill(venue.find('@95'))
    expect(strategy.told).toEqual(['onCancel', 'onClosePosition'])
    expect([strategy.buy, strategy.stopLoss, strategy.takeProfit]).toEqual([[], [], []])
  })
})
