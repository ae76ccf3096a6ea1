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

/** Takes the order at an index out. */
export function removeAt(orders: LiveOrder[], index: number): void {
  for (let place = index + 1; place < orders.length; place += 1) {
    const other = orders[place]
    if (other !== undefined) orders[place - 1] = other
  }
  orders.pop()
}
