/** Questions to the venue, within its budget and by its clock. */
import type { VenueConnection } from '../ports/venue-connection.ts'
import { isClockRefusal, measureOffset } from './clock-offset.ts'
import type { LiveEngine } from './live-engine.ts'
import { patiently } from './patience.ts'

/** A question is asked so often again after its time was refused. */
const CLOCK_RETRIES = 2

/** Compares the clocks; the answer is by how many ms the difference has changed. */
export async function syncClock(engine: LiveEngine): Promise<number> {
  const { connection, timers } = engine.options
  const offset = await measureOffset(connection, timers)
  const change = Math.abs(offset - engine.clockOffsetMs)
  engine.clockOffsetMs = offset
  connection.setClockOffset(offset)
  return change
}

/** Asks. At start with patience; while it trades the next reconciliation asks again. */
export async function askVenue<T>(engine: LiveEngine, question: (connection: VenueConnection) => Promise<T>): Promise<T> {
  return engine.phase === 'starting' ? await patiently(engine.options, async () => await askInTime(engine, question)) : await askInTime(engine, question)
}

/** A question that was refused for its time alone is asked again after the clocks were compared: nothing was done. */
async function askInTime<T>(engine: LiveEngine, question: (connection: VenueConnection) => Promise<T>): Promise<T> {
  for (let left = CLOCK_RETRIES; ; left--) {
    await engine.budgets.of('query').admit(4)
    try {
      return await question(engine.options.connection)
    } catch (error) {
      if (left === 0 || !isClockRefusal(engine.options.manifest, error)) throw error
      await syncClock(engine)
    }
  }
}
