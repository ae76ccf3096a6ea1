import { expect, test } from 'vitest'
import { parseCases } from './cases.ts'
import { ADAPTERS } from './ops.ts'
import { reportLines, runFile } from './run.ts'

function run(op: string, input: object, expected: object): readonly string[] {
  const text = JSON.stringify({ schema_version: 1, tiers: {}, cases: [{ id: 'A', op, input, expected }] })
  return reportLines(runFile(parseCases(text, 'test.json'), ADAPTERS), ADAPTERS).filter((line) => line.startsWith('FAIL'))
}

const books = { local_mode: 'one-way', remote_mode: 'one-way', adopt: false, cid_prefix: 'hr-', foreign_orders: 'ignore', local_orders: [], remote_orders: [] }
const position = (symbol: string, qty: string): object => ({ symbol, pos: 'BOTH', qty })

test('in one-way mode a position that turned is one difference of BOTH, with its sign', () => {
  const input = { ...books, local_positions: [position('ADAUSDT', '1'), position('ETHUSDT', '-2')], remote_positions: [position('ADAUSDT', '-2'), position('ETHUSDT', '-2.0')] }

  expect(run('reconcile', input, { start_allowed: false, actions: ['halt: position mismatch ADAUSDT BOTH 1 -> -2'] })).toEqual([])
  expect(run('reconcile', { ...input, trust_exchange: true }, { start_allowed: true, actions: ['adjust ADAUSDT BOTH 1 -> -2'] })).toEqual([])
})

test('in one-way mode an execution moves the signed quantity, and a position of others is named BOTH', () => {
  const execution = { exec_id: 'x1', symbol: 'ADAUSDT', pos: 'BOTH', side: 'SELL', qty: '3' }
  const input = {
    ...books, local_positions: [position('ADAUSDT', '1')], remote_positions: [position('ADAUSDT', '-2'), position('XRPUSDT', '-5')], remote_executions: [execution],
  }

  expect(run('reconcile', input, { start_allowed: false, actions: ['replay-fill x1', 'halt: external position XRPUSDT BOTH'] })).toEqual([])
  expect(run('reconcile', { ...input, adopt: true }, { start_allowed: true, actions: ['replay-fill x1', 'adopt-external XRPUSDT BOTH -5'] })).toEqual([])
})

test('marks need no volume, and a leg that holds nothing is none', () => {
  const candle = { o: '100', h: '101', l: '99', c: '100' }
  const input = {
    tick: '0.1', maker: '0', taker: '0', path: 'ohlc', positions: { LONG: { qty: '1', entry: '100' }, SHORT: { qty: '0', entry: '0' } },
    candles: [{ ...candle, v: '10' }], mark_candles: [candle], orders: [{ id: 's', pos: 'LONG', side: 'SELL', type: 'stop_market', qty: '1', trigger: '99.5', trigger_by: 'mark' }],
  }

  expect(run('match', input, { fills: [{ id: 's', price: '99.5', qty: '1' }], long_qty: '0', short_qty: '0' })).toEqual([])
})
