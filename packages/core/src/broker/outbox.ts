/** What the handling of one event has led to so far: records to journal, commands to send, answers of our own to tell. */
import type { JournalRecord, OrderDenied } from '../domain/events.ts'
import type { Order, OrderId } from '../domain/order.ts'
import type { Amendment } from '../ports/exchange.ts'

/** What to tell the exchange. */
export type Command =
  | { readonly type: 'submit'; readonly order: Order }
  | { readonly type: 'cancel'; readonly orderId: OrderId }
  | { readonly type: 'amend'; readonly orderId: OrderId; readonly change: Amendment }

/** What an event led to: records to journal first, then commands to send. */
export interface Outcome {
  readonly records: readonly JournalRecord[]
  readonly commands: readonly Command[]
}

/** What one route says to the others. */
export interface Message {
  /** Name of the route that says it. */
  readonly route: string
  readonly name: string
  readonly payload: unknown
}

const NO_RECORDS: readonly JournalRecord[] = []
const NO_COMMANDS: readonly Command[] = []
const NOTHING: Outcome = { records: NO_RECORDS, commands: NO_COMMANDS }

/** Collects until it is drained. */
export class Outbox {
  #records: JournalRecord[] | null = null
  #commands: Command[] | null = null
  #denials: OrderDenied[] = []
  #messages: Message[] = []

  record(event: JournalRecord): void {
    if (this.#records === null) this.#records = [event]
    else this.#records.push(event)
  }

  command(command: Command): void {
    if (this.#commands === null) this.#commands = [command]
    else this.#commands.push(command)
  }

  /** Records a denial and keeps it to be told once the strategy's hook has returned. */
  deny(event: OrderDenied): void {
    this.record(event)
    this.#denials.push(event)
  }

  /** True while denials or messages wait to be told. */
  get hasAnswers(): boolean {
    return this.#denials.length > 0 || this.#messages.length > 0
  }

  /** The next denial to tell, oldest first. */
  nextDenial(): OrderDenied | undefined {
    return this.#denials.length === 0 ? undefined : this.#denials.shift()
  }

  /** Keeps a message to be told once the strategy's hook has returned. */
  say(message: Message): void {
    this.#messages.push(message)
  }

  /** The next message to tell, oldest first. */
  nextMessage(): Message | undefined {
    return this.#messages.length === 0 ? undefined : this.#messages.shift()
  }

  drain(): Outcome {
    if (this.#records === null && this.#commands === null) return NOTHING
    const outcome = { records: this.#records ?? NO_RECORDS, commands: this.#commands ?? NO_COMMANDS }
    this.#records = null
    this.#commands = null
    return outcome
  }
}
