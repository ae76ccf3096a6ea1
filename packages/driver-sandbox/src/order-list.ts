/** Orders in a sequence, put in and taken out in place: `splice` would make a list of what it takes out. */
import type { LiveOrder } from './live-order.ts'

/** Puts an order in front of the one at an index; at the length, behind all. */
export function insertAt(orders: LiveOrder[], index: number, live: LiveOrder): void {
  let moved = live
  for (let place = index; place < orders.length; place += 1) {
    const other = orders[place]
    if (other === undefined) break
    orders[place] = moved
    moved = other
  }
  orders.push(moved)
}

/** Takes an order out of a sequence that it is in. Most that go stand near its end. */
export function takeOut(orders: LiveOrder[], live: LiveOrder): void {
  let moved = orders.pop()
  for (let place = orders.length - 1; moved !== live && moved !== undefined && place >= 0; place -= 1) {
    const other = orders[place]
    orders[place] = moved
    moved = other
  }
}
