/** What has happened to a leg since it last opened. */
import { legOf, ZERO } from '@hedgerow/core'
import type { Decimal, Filled, Leg, LegChange, Position } from '@hedgerow/core'
import type { Desk } from './desk.ts'

/** Counts and booked money of one leg, from flat to flat. */
export class LegHistory {
  readonly #desk: Desk
  readonly #leg: Leg
  #increased = 0
  #reduced = 0
  #bookedBefore: Decimal = ZERO

  constructor(desk: Desk, leg: Leg) {
    this.#desk = desk
    this.#leg = leg
  }

  /** Fills that enlarged the leg, the opening one included. */
  get increasedCount(): number {
    return this.#increased
  }

  /** Fills that reduced the leg. */
  get reducedCount(): number {
    return this.#reduced
  }

  /** Profit, fees and funding booked since the leg opened, quote units; zero when flat. */
  get booked(): Decimal {
    const position = this.#position
    return position.qty.isZero() ? ZERO : bookedOf(position).minus(this.#bookedBefore)
  }

  /** Notes a fill that the position has in it already. */
  see(fill: Filled, change: LegChange): void {
    if (change === 'opened') {
      this.#increased = 1
      this.#reduced = 0
      this.#bookedBefore = bookedOf(this.#position).plus(fill.fee)
    } else if (change === 'increased') {
      this.#increased += 1
    } else {
      this.#reduced += 1
    }
  }

  get #position(): Position {
    return legOf(this.#desk.context.pair(), this.#leg)
  }
}

function bookedOf({ realised, fees, funding }: Position): Decimal {
  return realised.minus(fees).plus(funding)
}
