/** Commands on their way to the venue (SIMULATION 3.6): all take equally long, so the first that was sent is the first that arrives. */
import type { TimeMs } from '@hedgerow/core'
import type { Command } from './commands.ts'
import type { SymbolBook } from './symbol-book.ts'

interface Sent {
  readonly arrivesAt: TimeMs
  readonly command: Command
}

/** A queue by time. */
export class Transit {
  /** False: commands arrive as they are sent, and none is ever on its way. */
  readonly takesTime: boolean
  /** When the next command arrives; Infinity when none is on its way. */
  nextAt: TimeMs = Number.POSITIVE_INFINITY
  readonly #latencyMs: number
  #sent: Sent[] = []

  constructor(latencyMs: number) {
    this.takesTime = latencyMs > 0
    this.#latencyMs = latencyMs
  }

  send(at: TimeMs, command: Command): void {
    const arrivesAt = at + this.#latencyMs
    this.#sent.push({ arrivesAt, command })
    this.nextAt = Math.min(this.nextAt, arrivesAt)
  }

  /** The commands that have arrived by a time, in the order in which they were sent; they leave it. */
  take(at: TimeMs): readonly Command[] {
    if (at < this.nextAt) return NONE
    const after = this.#sent.findIndex(({ arrivesAt }) => arrivesAt > at)
    const arrived = this.#sent.splice(0, after < 0 ? this.#sent.length : after)
    this.nextAt = this.#sent[0]?.arrivesAt ?? Number.POSITIVE_INFINITY
    return arrived.map(({ command }) => command)
  }

  /** A copy for a dry run, with orders of its own in these books. */
  copy(books: readonly SymbolBook[]): Transit {
    const copy = new Transit(this.#latencyMs)
    copy.nextAt = this.nextAt
    copy.#sent = this.#sent.map(({ arrivesAt, command }) => ({ arrivesAt, command: copyOf(command, books) }))
    return copy
  }
}

const NONE: readonly Command[] = []

function copyOf(command: Command, books: readonly SymbolBook[]): Command {
  if (command.type !== 'arrive') return command
  const { live } = command
  return { type: 'arrive', live: live.copy(books[live.book.market.index] ?? live.book) }
}
