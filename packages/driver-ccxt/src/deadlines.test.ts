import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Deadlines } from './deadlines.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

/** Three deadlines of 100 ms that start 30 ms apart, and which of them have passed. */
function three() {
  const passed: string[] = []
  const deadlines = new Deadlines(100)
  const start = (name: string) => {
    const deadline = deadlines.start(() => { passed.push(name) })
    vi.advanceTimersByTime(30)
    return deadline
  }
  return { passed, deadlines, first: start('first'), second: start('second'), third: start('third') }
}

describe('Deadlines', () => {
  test('each passes when its own time is over, and once', () => {
    const { passed } = three()
    vi.advanceTimersByTime(9)
    expect(passed).toEqual([])
    vi.advanceTimersByTime(1)
    expect(passed).toEqual(['first'])
    vi.advanceTimersByTime(30)
    expect(passed).toEqual(['first', 'second'])
    vi.advanceTimersByTime(1_000)
    expect(passed).toEqual(['first', 'second', 'third'])
  })

  test('one that is met does not pass, and holds up no other', () => {
    const { passed, deadlines, first, third } = three()
    deadlines.meet(first)
    vi.advanceTimersByTime(40)
    expect(passed).toEqual(['second'])
    deadlines.meet(third)
    vi.advanceTimersByTime(1_000)
    expect(passed).toEqual(['second'])
  })

  test('one that starts after all others were met has its whole time', () => {
    const { passed, deadlines, first, second, third } = three()
    for (const deadline of [first, second, third]) deadlines.meet(deadline)
    deadlines.start(() => { passed.push('late') })
    vi.advanceTimersByTime(99)
    expect(passed).toEqual([])
    vi.advanceTimersByTime(1)
    expect(passed).toEqual(['late'])
  })

  test('one timer serves all of them, and none is left once all have passed', () => {
    three()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })
})
