/** How far the path of the candles has been followed: at the open of a minute, somewhere on its walk, or at its close. */
import type { TimeMs } from '@hedgerow/core'
import { startOf } from './market.ts'
import { MinuteOpening } from './open-minute.ts'
import type { PathChoice } from './options.ts'
import { choosePath } from './path-choice.ts'
import { AT_CLOSE, AT_OPEN } from './path.ts'
import type { Simulation } from './simulation.ts'
import { MinuteWalk } from './walk.ts'

/** Who follows the path wants to know this. */
export interface ProgressListener {
  /** The open has acted as a whole: what waited for it may arrive. */
  readonly onOpened: () => void
  readonly onPathChoice: ((choice: PathChoice) => void) | undefined
}

/** Moves a simulation along its candles, whole minutes or one act at a time. */
export class Progress {
  readonly #sim: Simulation
  readonly #listener: ProgressListener
  /** Where it stands past minutes in which nothing happened: at the open of the next, or at the close of the last. */
  readonly #standsAtOpen: boolean
  /** True at the open of `sim.minute` and on its walk, false at its close. */
  #isOpened = false
  /** The open of `sim.minute` while not everything at it has acted. */
  #opening: MinuteOpening | null = null
  /** The walk of `sim.minute` from its first step to its close. */
  #walk: MinuteWalk | null = null
  /** Liquidations before the open of `sim.minute`. */
  #liquidations = 0

  constructor(sim: Simulation, listener: ProgressListener) {
    this.#sim = sim
    this.#listener = listener
    this.#standsAtOpen = sim.setup.rules.fillAt === 'open'
  }

  get isOpened(): boolean {
    return this.#isOpened
  }

  /** One move; false when it stands at the time. */
  step(at: TimeMs): boolean {
    const sim = this.#sim
    const { grid } = sim.setup
    if (this.#opening !== null) this.#openOn(this.#opening)
    else if (this.#isOpened) return at > startOf(grid, sim.minute) && this.#walkOn(at)
    else if (sim.minute + 1 < sim.minutes && startOf(grid, sim.minute + 1) <= at) this.#startOpening(sim.minute + 1)
    else return false
    return true
  }

  /** Opens a minute as a whole. */
  open(minute: number): void {
    this.#startOpening(minute)
    while (this.#opening !== null) this.#openOn(this.#opening)
  }

  /** Walks the minute whose open it stands at, to its close. */
  walk(): void {
    while (this.#isOpened) this.#walkOn(Number.POSITIVE_INFINITY)
  }

  /** Takes a place past minutes in which nothing happened: with `fillAt: 'open'` the open of `minute`, else the close of the one before. */
  standAt(minute: number): void {
    const to = this.#standsAtOpen ? minute : minute - 1
    if (this.#isOpened === this.#standsAtOpen && this.#sim.minute >= to) return
    this.#stand(to, this.#standsAtOpen)
  }

  /** After the last candle no open follows: it stands at its close. */
  leaveEnd(): void {
    const { minute, minutes } = this.#sim
    if (this.#isOpened && minute === minutes) this.#stand(minutes - 1, false)
  }

  #stand(minute: number, atOpen: boolean): void {
    const sim = this.#sim
    this.#isOpened = atOpen
    sim.minute = minute
    sim.leg = atOpen ? AT_OPEN : AT_CLOSE
    this.#liquidations = sim.counts.liquidations
  }

  #startOpening(minute: number): void {
    this.#liquidations = this.#sim.counts.liquidations
    this.#opening = new MinuteOpening(this.#sim, minute)
  }

  #openOn(opening: MinuteOpening): void {
    if (opening.step()) return
    this.#opening = null
    this.#isOpened = true
    this.#listener.onOpened()
  }

  /** False when the path stands at the time. */
  #walkOn(at: TimeMs): boolean {
    this.#walk ??= new MinuteWalk(this.#sim, choosePath(this.#sim, this.#liquidations, this.#listener.onPathChoice))
    const step = this.#walk.step(at)
    if (step === 'closed') {
      this.#walk = null
      this.#isOpened = false
    }
    return step !== 'arrived'
  }
}
