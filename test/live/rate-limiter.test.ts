/** Budgets of requests: what protects goes first and keeps a share, what is late is dropped, and what the venue says of its budget holds. */
import { describe, expect, it } from 'vitest'
import { RateLimiter, type Urgency } from '../../packages/core/src/live/rate-limiter.ts'
import { VirtualTimers } from './virtual-timers.ts'

const SECOND = 1_000
const START = 1_700_000_000_000
const HOUR = 3_600_000

function scene(requests = 10) {
  const timers = new VirtualTimers(START)
  const limiter = new RateLimiter([{ group: 'create', scope: 'account', requests, perMs: SECOND }], timers)
  const sent: string[] = []
  const ask = (name: string, urgency: Urgency, more: { key?: string; expiresAt?: number } = {}): void => {
    limiter.request({ urgency, send: () => { sent.push(name) }, drop: () => { sent.push(`${name} dropped`) }, ...more })
  }
  return { timers, limiter, sent, ask }
}

it('RL-02: entries of both legs leave a share for stops, which overtake those that wait', async () => {
  const { timers, sent, ask } = scene()
  for (let id = 1; id <= 9; id++) ask(`${id % 2 === 0 ? 'short' : 'long'} entry ${id}`, 5)
  ask('long stop', 2)
  ask('short cancel', 1)
  expect(sent.slice(6)).toEqual(['long entry 7', 'long stop', 'short cancel'])
  await timers.to(START + 2 * SECOND)
  expect(sent.slice(9)).toEqual(['short entry 8', 'long entry 9'])
})

it('what has waited too long is dropped and not sent late; of amendments only the newest goes', async () => {
  const { timers, limiter, sent, ask } = scene(1)
  ask('first', 5)
  ask('too late', 5, { expiresAt: START + 500 })
  ask('amend to 1', 2, { key: 'amend 7' })
  ask('amend to 2', 2, { key: 'amend 7' })
  expect(limiter.waiting).toBe(2)
  await timers.to(START + 5 * SECOND)
  expect(sent).toEqual(['first', 'amend to 2', 'too late dropped'])
})

describe('a budget that the venue says is used up', () => {
  it.each([['as ours', 0], ['hours ahead, as that of a replay', 5 * HOUR], ['behind', -3 * SECOND]])('is waited for as long as the venue says, with its clock %s', async (_where, offset) => {
    const { timers, limiter, sent, ask } = scene()
    const at = START + offset
    limiter.note({ type: 'budget', at, group: 'create', remaining: 0, limit: 10, resetAt: at + 400 })
    ask('stop', 2)
    await timers.to(START + 399)
    expect(sent).toEqual([])
    await timers.to(START + 600)
    expect(sent).toEqual(['stop'])
  })

  it('is never waited for longer than its window', async () => {
    const { timers, limiter, sent, ask } = scene()
    limiter.note({ type: 'budget', at: START, group: 'create', remaining: 0, limit: 10, resetAt: START + HOUR })
    ask('stop', 2)
    await timers.to(START + SECOND + 1)
    expect(sent).toEqual(['stop'])
  })
})
