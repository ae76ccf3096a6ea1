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
  /** The leg as the fill that opened it left it, and the fee of that fill. */
  #opening: { readonly position: Position; readonly fee: Decimal } | null = null

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
    const position = legOf(this.#desk.context.pair(), this.#leg)
    if (position.qty.isZero()) return ZERO
    return this.#opening === null ? bookedOf(position) : bookedOf(position).minus(bookedOf(this.#opening.position).plus(this.#opening.fee))
  }

  /** Notes a fill, and the leg that it has left. */
  see(fill: Filled, change: LegChange, position: Position): void {
    if (change === 'opened') {
      this.#increased = 1
      this.#reduced = 0
      this.#opening = { position, fee: fill.fee }
    } else if (change === 'increased') {
      this.#increased += 1
    } else {
      this.#reduced += 1
    }
  }
}

function bookedOf({ realised, fees, funding }: Position): Decimal {
  return realised.minus(fees).plus(funding)
}
