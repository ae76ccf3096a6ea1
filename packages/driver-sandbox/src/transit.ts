/** Commands on their way to the venue (SIMULATION 3.6): all take equally long, so the first that was sent is the first that arrives. */
import type { TimeMs } from '@hedgerow/core'
import type { Command } from './commands.ts'

interface Sent {
  readonly arrivesAt: TimeMs
  readonly command: Command
}

/** A queue by time. */
export class Transit {
  readonly #latencyMs: number
  #sent: Sent[] = []

  constructor(latencyMs: number) {
    this.#latencyMs = latencyMs
  }

  /** False: commands arrive as they are sent, and none is ever on its way. */
  get takesTime(): boolean {
    return this.#latencyMs > 0
  }

  /** When the next command arrives; Infinity when none is on its way. */
  get nextAt(): TimeMs {
    return this.#sent.length === 0 ? Number.POSITIVE_INFINITY : (this.#sent[0]?.arrivesAt ?? Number.POSITIVE_INFINITY)
  }

  send(at: TimeMs, command: Command): void {
    this.#sent.push({ arrivesAt: at + this.#latencyMs, command })
  }

  /** The commands that have arrived by a time, in the order in which they were sent; they leave it. */
  take(at: TimeMs): readonly Command[] {
    const after = this.#sent.findIndex(({ arrivesAt }) => arrivesAt > at)
    const arrived = this.#sent.splice(0, after < 0 ? this.#sent.length : after)
    return arrived.map(({ command }) => command)
  }

  /** A copy for a dry run, with orders of its own. */
  copy(): Transit {
    const copy = new Transit(this.#latencyMs)
    copy.#sent = this.#sent.map(({ arrivesAt, command }) => ({ arrivesAt, command: command.type === 'arrive' ? { type: 'arrive', live: command.live.copy() } : command }))
    return copy
  }
}
