/** Faults that wait for something to strike. */
import { faultSchema, type AnswerFault, type Fault, type FrameFault } from './fault.ts'

/** A fault with what is left of it. */
interface Armed {
  readonly fault: Fault
  left: number
}

/** Armed faults, the oldest first. Each answer and each frame is struck by at most one. */
export class FaultBox {
  #armed: Armed[] = []
  #struck = 0

  /** Adds faults. */
  arm(...faults: readonly Fault[]): void {
    for (const input of faults) {
      const fault = faultSchema.parse(input)
      this.#armed.push({ fault, left: fault.times ?? 1 })
    }
  }

  /** Forgets what has not struck. */
  clear(): void {
    this.#armed = []
  }

  /** Faults that have not struck yet. */
  get armed(): readonly Fault[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, times: left }))
  }

  /** How often a fault has struck. */
  get struck(): number {
    return this.#struck
  }

  /** The fault that strikes the answer to a request. `fields` are asked for only where a fault wants to know them. */
  takeAnswer(route: string, fields: () => Readonly<Record<string, unknown>>): AnswerFault | null {
    return this.#take((fault): fault is AnswerFault => isAnswerFault(fault) && (fault.route === undefined || fault.route === route) && has(fields, fault.having))
  }

  /** The fault that strikes a frame. */
  takeFrame(topic: string): FrameFault | null {
    return this.#take((fault): fault is FrameFault => !isAnswerFault(fault) && (fault.topic === undefined || fault.topic === topic))
  }

  #take<T extends Fault>(strikes: (fault: Fault) => fault is T): T | null {
    for (const armed of this.#armed) {
      const { fault } = armed
      if (!strikes(fault)) continue
      armed.left -= 1
      if (armed.left === 0) this.#armed.splice(this.#armed.indexOf(armed), 1)
      this.#struck += 1
      return fault
    }
    return null
  }
}

function has(fields: () => Readonly<Record<string, unknown>>, wanted: AnswerFault['having']): boolean {
  if (wanted === undefined) return true
  const given = fields()
  return Object.entries(wanted).every(([key, value]) => given[key] === value)
}

function isAnswerFault(fault: Fault): fault is AnswerFault {
  return !fault.type.endsWith('-frame')
}
