/** Lets a plan of troubles happen while a client works. */
import type { PlannedTrouble, Trouble } from '../faults/fault-plan.ts'
import type { LabControl } from './lab-control.ts'

/** What has happened so far. */
export interface ChaosLog {
  /** Troubles that came, oldest first. */
  readonly happened: readonly Trouble[]
  readonly isOver: boolean
}

/** Counts requests, and lets each trouble come at its number. */
export class Chaos implements ChaosLog {
  readonly #control: LabControl
  readonly #plan: PlannedTrouble[]
  readonly #happened: Trouble[] = []
  #left: number

  constructor(control: LabControl, plan: readonly PlannedTrouble[]) {
    this.#control = control
    this.#plan = [...plan]
    this.#left = plan[0]?.afterRequests ?? 0
  }

  get happened(): readonly Trouble[] {
    return this.#happened
  }

  get isOver(): boolean {
    return this.#plan.length === 0
  }

  /** To be called with each request. */
  requested(): void {
    const [next] = this.#plan
    if (next === undefined) return
    this.#left -= 1
    if (this.#left > 0) return
    this.#plan.shift()
    this.#left = this.#plan[0]?.afterRequests ?? 0
    this.#happened.push(next.trouble)
    bring(this.#control, next.trouble)
  }
}

function bring(control: LabControl, trouble: Trouble): void {
  switch (trouble.type) {
    case 'fault':
      return control.faults.arm(trouble.fault)
    case 'cut':
      control.cut()
      return
    case 'half-open':
      control.halfOpen()
      return
    case 'skew':
    default:
      return control.skewClock(trouble.ms)
  }
}
