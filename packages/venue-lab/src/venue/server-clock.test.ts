import { expect, it } from 'vitest'
import { ServerClock } from './server-clock.ts'

it('follows a market that runs ahead, and runs on while the market stands still', () => {
  let wall = 1_000
  const clock = new ServerClock(() => wall)
  clock.follow(61_000)
  expect(clock.now()).toBe(61_000)
  // A client that asked for the time goes by its own clock from there on: two seconds later both have moved by two seconds.
  wall += 2_000
  clock.follow(61_000)
  expect([clock.now(), clock.earliest()]).toEqual([63_000, 3_000])
  clock.follow(62_000)
  expect(clock.now()).toBe(63_000)
})
