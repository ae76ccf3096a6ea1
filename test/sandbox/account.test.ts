/** Funding, margin at arrival and at the trigger, liquidation, several symbols in one account, and the rules of the predecessor. */
import { decimal, MINUTE_MS, tierTable } from '@hedgerow/core'
import { binanceUsdm } from '@hedgerow/driver-binance'
import { bybitUta } from '@hedgerow/driver-bybit'
import { jesse } from '@hedgerow/driver-sandbox'
import { describe, expect, it } from 'vitest'
import { calm, Scene, symbolOf, type Row } from './scene.ts'

const flat: Row = [100, 100, 100, 100]
const flats = (count: number): Row[] => Array.from({ length: count }, () => flat)
const rate = (minute: number, value: string): { readonly at: number; readonly rate: ReturnType<typeof decimal> } => ({ at: minute * MINUTE_MS, rate: decimal(value) })
const onePercent = tierTable('one percent', [['1000000000', '0.01', '0', '100']])

const everyTwoMinutes = { instrument: { ...symbolOf('A', [flat]).instrument, fundingIntervalMs: 2 * MINUTE_MS } }

/** A series that lacks two settlements while a leg is held. */
function withHoles(missing: 'fail' | 'zero' | 'lastKnown'): Scene {
  const scene = new Scene([symbolOf('A', flats(8), { ...everyTwoMinutes, funding: [rate(0, '0.002'), rate(6, '0.001')] })], { sim: { funding: { missing } } }).to(3)
  scene.send()
  return scene.to(7)
}

describe('funding', () => {
  it('is one posting a leg, long first, for what was held before the settlement', () => {
    const scene = new Scene([symbolOf('A', flats(6), { ...everyTwoMinutes, funding: [rate(0, '0.5'), rate(2, '0.001'), rate(4, '-0.001')] })]).to(0)
    scene.send()
    scene.send({ leg: 'short', qty: '2' })
    scene.to(2)
    scene.send({ intent: 'close' })
    scene.to(6)
    expect(scene.toldAt()).toEqual([
      '0 #1 A open long 1 @ 100 taker', '0 #2 A open short 2 @ 100 taker', '120 funding A long 1 x 100 x 0.001 = -0.1', '120 funding A short 2 x 100 x 0.001 = 0.2',
      '120 #3 A close long 1 @ 100 taker', '240 funding A short 2 x 100 x -0.001 = -0.2',
    ])
  })

  it('takes, inclusive, what is opened at the settlement as well; what is closed there was held before it', () => {
    for (const fillAt of ['open', 'close'] as const) {
      const scene = new Scene([symbolOf('A', flats(6), { ...everyTwoMinutes, funding: [rate(2, '0.001'), rate(4, '0.001')] })], { fillAt, sim: { funding: { boundary: 'inclusive' } } }).to(2)
      scene.send()
      scene.to(4)
      scene.send({ intent: 'close' })
      scene.send({ leg: 'short', qty: '2' })
      scene.to(5)
      expect(scene.toldAt()).toEqual([
        '120 #1 A open long 1 @ 100 taker', '120 funding A long 1 x 100 x 0.001 = -0.1', '240 funding A long 1 x 100 x 0.001 = -0.1',
        '240 #2 A close long 1 @ 100 taker', '240 #3 A open short 2 @ 100 taker', '240 funding A short 2 x 100 x 0.001 = 0.2',
      ])
    }
  })

  it('with fillAt close settles before the strategies of that moment', () => {
    const scene = new Scene([symbolOf('A', flats(4), { ...everyTwoMinutes, funding: [rate(2, '0.001')] })], { fillAt: 'close', sim: { funding: { missing: 'zero' } } }).to(1)
    scene.send()
    scene.to(2)
    expect(scene.toldAt()).toEqual(['60 #1 A open long 1 @ 100 taker', '120 funding A long 1 x 100 x 0.001 = -0.1'])
  })

  it('values at the mark candle of the settlement, also where marks are coarser than candles and serve nothing else', () => {
    const marks = { ...symbolOf('A', [[101, 101, 101, 101], [103, 103, 103, 103]]).candles, step: 2 * MINUTE_MS }
    const scene = new Scene([symbolOf('A', flats(4), { ...everyTwoMinutes, marks, funding: [rate(0, '0'), rate(2, '0.001')] })]).to(0)
    scene.send()
    scene.to(3)
    expect(scene.told().at(-1)).toBe('funding A long 1 x 103 x 0.001 = -0.103')
    expect(scene.exchange.statistics().markIsLast).toEqual(['A'])
  })

  it('without a rate fails the run once a leg is held, or takes zero or the last one, and counts it', () => {
    expect(() => withHoles('fail')).toThrow(/FUNDING_MISSING.*A.*1970-01-01T00:04Z/)
    expect(withHoles('zero').told()).toEqual(['#1 A open long 1 @ 100 taker', 'funding A long 1 x 100 x 0 = 0', 'funding A long 1 x 100 x 0.001 = -0.1'])
    expect(withHoles('lastKnown').told()[1]).toBe('funding A long 1 x 100 x 0.002 = -0.2')
    expect(withHoles('lastKnown').exchange.statistics()).toMatchObject({ fundingSubstituted: 1, fundingNotModelled: [] })
  })

  it('comes out of an isolated leg\'s margin where the venue takes it there, and goes with the leg alone', () => {
    const symbol = symbolOf('A', flats(4), { ...everyTwoMinutes, funding: [rate(0, '0'), rate(2, '0.001')] })
    const scene = new Scene([symbol], { marginMode: 'isolated', profile: { ...calm, isolated: { ...calm.isolated, fundingFrom: 'margin' } } }).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    scene.to(3)
    expect(scene.told().slice(2)).toEqual(['funding A long 1 x 100 x 0.001 = -0.1', 'margin A long -0.1', 'funding A short 1 x 100 x 0.001 = 0.1', 'margin A short 0.1'])
  })
})

describe('margin', () => {
  const options = { profile: { ...calm, money: bybitUta.money }, startingBalance: decimal('100'), sim: { checkMargin: true } }

  it('is asked of an opener when it arrives; a closer never needs any', () => {
    const scene = new Scene([symbolOf('A', flats(3))], options).to(0)
    scene.send({ qty: '6' })
    scene.send({ leg: 'short', qty: '4.1' })
    scene.send({ leg: 'short', type: 'limit', qty: '4', price: '100' })
    scene.send({ type: 'limit', qty: '0.1', price: '99' })
    scene.send({ intent: 'close', qty: '6' })
    scene.to(1)
    expect(scene.told()).toEqual(['#1 A open long 6 @ 100 taker', '#2 rejected INSUFFICIENT_MARGIN', '#3 A open short 4 @ 100 taker', '#4 rejected INSUFFICIENT_MARGIN', '#5 A close long 6 @ 100 taker'])
  })

  it('counts what rests, and is free again after a cancel', () => {
    const scene = new Scene([symbolOf('A', flats(3))], options).to(0)
    scene.send({ type: 'limit', qty: '10', price: '90' })
    scene.send({ qty: '2' })
    scene.to(1)
    scene.exchange.cancel(1)
    scene.send({ qty: '2' })
    scene.to(2)
    expect(scene.told()).toEqual(['#2 rejected INSUFFICIENT_MARGIN', '#1 canceled requested', '#3 A open long 2 @ 100 taker'])
  })

  it('of a conditional opener is asked at its trigger: it expires; a stop that closes does not', () => {
    const scene = new Scene([symbolOf('A', [flat, [100, 105, 98, 99]])], options).to(0)
    scene.send({ qty: '9' })
    scene.send({ type: 'stop-market', trigger: '104', qty: '5' })
    scene.send({ leg: 'short', type: 'stop-limit', trigger: '99', price: '98.5', qty: '5' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '98.5', qty: '9' })
    scene.to(2)
    expect(scene.told()).toEqual(['#1 A open long 9 @ 100 taker', '#2 expired insufficient-margin', '#3 expired insufficient-margin', '#4 A close long 9 @ 98.5 taker'])
  })
})

describe('liquidation', () => {
  it('of a cross account takes all symbols into account and cancels every order', () => {
    const symbols = [symbolOf('A', [flat, [100, 100, 80, 80]], { tiers: onePercent }), symbolOf('B', [[50, 50, 50, 50], [50, 50, 40, 40]], { tiers: onePercent })]
    const scene = new Scene(symbols, { profile: { ...binanceUsdm, money: calm.money }, startingBalance: decimal('30') }).to(0)
    scene.send({ qty: '1' })
    scene.send({ symbol: 'B', qty: '2' })
    scene.send({ symbol: 'B', intent: 'close', type: 'limit', price: '60', qty: '2' })
    scene.to(2)
    // Both fall to 80 %: 30 - 20 f - 20 f - 0.01 (200 - 40 f) is zero at f = 28/39.6, 85.86 of A; the next tick of the first symbol counts.
    expect(scene.told().slice(2)).toEqual([
      'liquidated A account at 85.8: cancel all orders, close A long at mark, close B long at mark, insurance fund covers deficit', '#3 canceled liquidation',
      'liquidation A close long 1 @ 85.8 taker', 'clearance -2.574', 'liquidation B close long 2 @ 42.9 taker', 'clearance -2.574', 'insurance 3.548',
    ])
    expect(scene.exchange.statistics()).toMatchObject({ liquidations: 1, insuranceUsed: decimal('3.548') })
  })

  it('of an isolated leg leaves the other leg, its orders and the rest of the wallet alone', () => {
    const scene = new Scene([symbolOf('A', [flat, [100, 100, 80, 85]], { tiers: onePercent })], { profile: { ...bybitUta, money: calm.money }, marginMode: 'isolated', startingBalance: decimal('1000') }).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '85' })
    scene.send({ leg: 'short', intent: 'close', type: 'limit', price: '81' })
    scene.to(2)
    expect(scene.told()[2]).toMatch(/^liquidated A long at 9[0-9.]+: cancel orders of long, takeover of long at bankruptcy price$/)
    expect(scene.told().slice(3).map((text) => text.split(' @ ')[0])).toEqual(['#3 canceled liquidation', 'liquidation A close long 1', '#4 A close short 1'])
  })

  it('of an isolated leg that a smaller tier saves cancels what would enlarge it; its stop still protects what is left', () => {
    const tiers = tierTable('two', [['500', '0.01', '0', '20'], ['1000000', '0.05', '20', '20']])
    const scene = new Scene([symbolOf('A', [flat, [100, 100, 92, 93], [93, 93, 90, 91]], { tiers })], { profile: { ...bybitUta, money: calm.money }, marginMode: 'isolated', startingBalance: decimal('1000') }).to(0)
    scene.send({ qty: '9' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '91', qty: '9' })
    scene.send({ type: 'limit', price: '80' })
    scene.to(3)
    expect(scene.told().slice(1).map((text) => text.replace(/ @ .*/, ''))).toEqual([
      'liquidated A long at 92.3: cancel orders of long, reduce A long by 3.6 to tier 1', '#3 canceled liquidation', 'liquidation A close long 3.6', '#2 A close long 5.4', '#2 canceled reduce-only-clipped',
    ])
  })

  it('lets the strategy act only after it has ended', () => {
    const scene = new Scene([symbolOf('A', [flat, [100, 100, 80, 85]], { tiers: onePercent })], { profile: { ...bybitUta, money: calm.money }, startingBalance: decimal('10') }).to(0)
    scene.onEvent = (event) => { if (event.type === 'account.liquidated') scene.send({ leg: 'short', qty: '0.1' }) }
    scene.send()
    scene.to(2)
    expect(scene.told().slice(2).map((text) => text.split(' @ ')[0])).toEqual(['liquidation A close long 1', '#2 A open short 0.1'])
  })

  it('of a fully hedged pair never comes from price moves where the venue nets, and can where it does not', () => {
    const rows: Row[] = [flat, [100, 400, 100, 400]]
    const run = (profile: typeof bybitUta): number => {
      const scene = new Scene([symbolOf('A', rows, { tiers: onePercent })], { profile, startingBalance: decimal('5') }).to(0)
      scene.send()
      scene.send({ leg: 'short' })
      return scene.to(2).exchange.statistics().liquidations
    }
    expect([run(bybitUta), run(binanceUsdm)]).toEqual([0, 1])
  })
})

describe('several symbols', () => {
  it('move in lock-step: at one point liquidation, then the order of symbols, then the queue', () => {
    const fall: Row = [100, 100, 90, 90]
    const symbols = [symbolOf('B', [fall]), symbolOf('A', [[50, 50, 45, 45]])]
    const scene = new Scene(symbols).to(0)
    scene.send({ symbol: 'A', type: 'limit', price: '47.5' })
    scene.send({ symbol: 'B', type: 'limit', price: '95' })
    scene.send({ symbol: 'B', type: 'limit', price: '95' })
    scene.send({ symbol: 'B', type: 'limit', price: '96' })
    scene.to(1)
    expect(scene.told()).toEqual(['#4 B open long 1 @ 96 maker', '#2 B open long 1 @ 95 maker', '#3 B open long 1 @ 95 maker', '#1 A open long 1 @ 47.5 maker'])
  })

  it('need one grid of candles', () => {
    const other = symbolOf('B', [flat])
    expect(() => new Scene([symbolOf('A', [flat]), { ...other, candles: { ...other.candles, step: 2 * MINUTE_MS } }])).toThrow(/candles of B.*CONFIG_INVALID.*120000/)
    expect(() => new Scene([symbolOf('A', [flat]), { ...other, candles: { ...other.candles, start: 1000 } }])).toThrow(/candles of B.*CONFIG_INVALID/)
    expect(() => new Scene([])).toThrow(/CONFIG_INVALID.*at least one symbol/)
    expect(() => new Scene([symbolOf('A', [flat], { leverage: decimal('0') })])).toThrow(/LEVERAGE_INVALID/)
  })
})

describe('slippage', () => {
  it('of the profile is the larger of a tick and a basis point for markets, three basis points for stops; never for limits', () => {
    const rows: Row[] = [[5000, 5010, 4980, 5000], [5000, 5000, 4980, 4990]]
    const scene = new Scene([symbolOf('A', rows)], { profile: { ...bybitUta, liquidation: calm.liquidation }, sim: { slippage: 'profile' } }).to(0)
    scene.send()
    scene.send({ leg: 'short' })
    scene.send({ type: 'limit', price: '5001' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '4990' })
    scene.to(2)
    expect(scene.told()).toEqual(['#1 A open long 1 @ 5000.5 taker', '#2 A open short 1 @ 4999.5 taker', '#3 A open long 1 @ 5000 taker', '#4 A close long 1 @ 4988.5 taker'])
  })

  it('in ticks or basis points is rounded to the tick against the taker', () => {
    for (const [slippage, price] of [[{ ticks: 3 }, '100.3'], [{ bps: decimal('1') }, '100.1'], ['none', '100']] as const) {
      const scene = new Scene([symbolOf('A', [flat])], { sim: { slippage } }).to(0)
      scene.send()
      expect(scene.to(1).told()).toEqual([`#1 A open long 1 @ ${price} taker`])
    }
  })
})

describe('the predecessor\'s rules', () => {
  it('close gaps, fill whole at the exact price whatever the volume, with one fee', () => {
    const rows: Row[] = [[100, 101, 99, 100, 0], [90, 92, 88, 91, 0]]
    const scene = new Scene([symbolOf('A', rows)], { profile: jesse, fee: { maker: decimal('0.0001'), taker: decimal('0.001') }, sim: {} }).to(1)
    scene.send({ qty: '2' })
    scene.send({ intent: 'close', type: 'stop-market', trigger: '95' })
    scene.send({ intent: 'close', type: 'limit', price: '97', qty: '0.5' })
    scene.to(2)
    expect(scene.told()).toEqual(['#1 A open long 2 @ 100 taker fee 0.2', '#3 A close long 0.5 @ 100 taker fee 0.05', '#2 A close long 1 @ 95 taker fee 0.095'])
  })

  it('liquidate an isolated leg after the candle\'s orders, when its range touches the level, at the bankruptcy price', () => {
    const rows: Row[] = [flat, [100, 103, 89, 102], [102, 102, 102, 102]]
    const run = (stop: string): string[] => {
      const scene = new Scene([symbolOf('A', rows)], { profile: jesse, marginMode: 'isolated', sim: {} }).to(1)
      scene.send()
      scene.send({ leg: 'short' })
      scene.send({ intent: 'close', type: 'stop-market', trigger: stop })
      return scene.to(3).told().slice(2)
    }
    // Level 100 x (1 - 0.1 + 0.004) = 90.4, bankruptcy 90: a stop at 90 was met on the way and closes the leg first.
    expect(run('90')).toEqual(['#3 A close long 1 @ 90 taker'])
    expect(run('88')).toEqual(['liquidated A long at 89: cancel orders of long, takeover of long at bankruptcy price', '#3 canceled liquidation', 'liquidation A close long 1 @ 90 taker'])
  })
})
