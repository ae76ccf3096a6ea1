/** A stream is kept up, its silence is noticed, and its state is told as it is. */
import type { StreamReport } from '@hedgerow/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StreamKeeper } from './stream-keeper.ts'
import { VenueFailure } from './venue-failure.ts'

const failure = (text: string): VenueFailure => new VenueFailure({ kind: 'unanswered', request: 'ws', code: null, text, retryAt: null })

/** A keeper over sockets that only the test closes. */
function kept(): { keeper: StreamKeeper; reports: string[]; dials: () => number; lose: (text: string) => Promise<void>; dropped: string[] } {
  const reports: string[] = []
  const dropped: string[] = []
  const losing: ((error: unknown) => void)[] = []
  const keeper = new StreamKeeper({
    stream: 'account', staleAfterMs: 100, timeoutMs: 500, redial: { firstMs: 40, mostMs: 80 }, now: () => Date.now(),
    hold: () => new Promise<never>((_resolve, reject) => { losing.push(reject) }),
    drop: (reason) => { dropped.push(reason); losing.at(-1)?.(failure(reason)) },
    tell: ({ state, reconnected, reason }: StreamReport) => { reports.push([state, ...(reconnected ? ['again'] : []), ...(reason === '' ? [] : [reason])].join(' ')) },
  })
  const lose = async (text: string): Promise<void> => { losing.at(-1)?.(failure(text)); await vi.advanceTimersByTimeAsync(0) }
  return { keeper, reports, dropped, lose, dials: () => losing.length }
}

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

describe('StreamKeeper', () => {
  it('resolves when it is up, and says so', async () => {
    const { keeper, reports } = kept()
    const opened = keeper.open()
    keeper.subscribed()
    await opened
    expect(reports).toEqual(['up'])
    keeper.close()
  })

  it('rejects when the first attempt fails, with what the venue said rather than what the socket said', async () => {
    const { keeper, lose, dials } = kept()
    const opened = keeper.open()
    keeper.refused(failure('Invalid apikey'))
    await Promise.all([expect(opened).rejects.toThrow('Invalid apikey'), lose('closed')])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(dials()).toBe(1)
  })

  it('dials again for ever, with growing pauses, and tells each loss', async () => {
    const { keeper, reports, lose, dials } = kept()
    const opened = keeper.open()
    keeper.subscribed()
    await opened
    for (const [index, pauseMs] of [40, 80, 80].entries()) {
      await lose('closed')
      expect(dials()).toBe(index + 1)
      await vi.advanceTimersByTimeAsync(pauseMs)
      expect(dials()).toBe(index + 2)
    }
    keeper.subscribed()
    expect(reports).toEqual(['up', 'down ws: closed', 'down ws: closed', 'down ws: closed', 'up again'])
    keeper.close()
  })

  it('dials at once when the lost socket had lived long', async () => {
    const { keeper, lose, dials } = kept()
    const opened = keeper.open()
    keeper.subscribed()
    await opened
    for (let beat = 0; beat < 700; beat += 1) { await vi.advanceTimersByTimeAsync(50); keeper.heard(true) }
    await lose('closed')
    await vi.advanceTimersByTimeAsync(1)
    expect(dials()).toBe(2)
    keeper.close()
  })

  it('takes silence for staleness, and any message for life', async () => {
    const { keeper, reports } = kept()
    const opened = keeper.open()
    keeper.subscribed()
    await opened
    await vi.advanceTimersByTimeAsync(90)
    keeper.heard(false)
    await vi.advanceTimersByTimeAsync(200)
    keeper.heard(true)
    keeper.heard(true)
    expect(reports).toEqual(['up', 'up', expect.stringMatching(/^stale no message and no pong for \d+ ms$/), 'up again'])
    keeper.close()
  })

  it('gives up a socket that never subscribes', async () => {
    const { keeper, dropped } = kept()
    await Promise.all([expect(keeper.open()).rejects.toThrow('not subscribed'), vi.advanceTimersByTimeAsync(600)])
    expect(dropped).toHaveLength(1)
  })

  it('says nothing after it was closed', async () => {
    const { keeper, reports, lose, dials } = kept()
    const opened = keeper.open()
    keeper.subscribed()
    await opened
    keeper.close()
    await lose('closed')
    await vi.advanceTimersByTimeAsync(10_000)
    expect([reports, dials()]).toEqual([['up'], 1])
  })
})
