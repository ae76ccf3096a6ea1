/** What the handling of one event has led to so far: records to journal, commands to send, answers of our own to tell. */
import type { JournalEvent, OrderDenied } from '../domain/events.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Amendment } from '../ports/exchange.ts'

/** What to tell the exchange. */
export type Command =
  | { readonly type: 'submit'; readonly order: Order }
  | { readonly type: 'cancel'; readonly orderId: OrderId }
  | { readonly type: 'amend'; readonly orderId: OrderId; readonly change: Amendment }

/** What an event led to: records to journal first, then commands to send. */
export interface Outcome {
  readonly records: readonly JournalEvent[]
  readonly commands: readonly Command[]
}

const NOTHING: Outcome = { records: [], commands: [] }

/** Collects until it is drained. */
export class Outbox {
  #records: JournalEvent[] = []
  #commands: Command[] = []
  #denials: OrderDenied[] = []

  record(event: JournalEvent): void {
    this.#records.push(event)
  }

  command(command: Command): void {
    this.#commands.push(command)
  }

  /** Records a denial and keeps it to be told once the strategy's hook has returned. */
  deny(event: OrderDenied): void {
    this.#records.push(event)
    this.#denials.push(event)
  }

  /** The next denial to tell, oldest first. */
  nextDenial(): OrderDenied | undefined {
    return this.#denials.shift()
  }

  drain(): Outcome {
    if (this.#records.length === 0 && this.#commands.length === 0) return NOTHING
    const outcome = { records: this.#records, commands: this.#commands }
    this.#records = []
    this.#commands = []
    return outcome
  }
}
