/** The open streams of a venue, and the way of each frame to them: at once, or as an armed fault has it. */
import type { EventEmitter } from 'node:events'
import type { FaultBox } from '../faults/fault-box.ts'

/** What the lab asks of a socket. Said here because the library brings no types along, and whoever checks ours would miss them. */
export interface LabSocket extends EventEmitter {
  readonly readyState: number
  readonly OPEN: number
  readonly send: (text: string) => void
  readonly ping: () => void
  readonly pause: () => void
  readonly close: () => void
  readonly terminate: () => void
}

/** One open stream. */
export interface Stream {
  readonly id: string
  readonly path: string
  readonly socket: LabSocket
  readonly topics: Set<string>
  isAuthorised: boolean
  /** Set: the connection looks open, and nothing passes. */
  isDead: boolean
}

/** A frame that is kept back behind the next one. */
interface Kept {
  readonly send: () => void
  readonly timer: NodeJS.Timeout
}

const REORDER_PATIENCE_MS = 50

/** All streams. */
export class StreamHub {
  readonly #faults: FaultBox
  readonly #streams = new Set<Stream>()
  readonly #kept = new Map<Stream, Kept>()
  readonly #late = new Set<NodeJS.Timeout>()
  #held: (() => void)[] = []
  #opened = 0

  constructor(faults: FaultBox) {
    this.#faults = faults
  }

  /** Takes a socket in; messages of a dead stream are not heard. */
  add(socket: LabSocket, path: string, onMessage: (stream: Stream, text: string) => void): Stream {
    this.#opened += 1
    const stream: Stream = { id: `lab-${this.#opened}`, path, socket, topics: new Set(), isAuthorised: false, isDead: false }
    this.#streams.add(stream)
    socket.on('message', (data: Buffer) => { if (!stream.isDead) onMessage(stream, data.toString('utf8')) })
    socket.on('error', () => socket.terminate())
    socket.on('close', () => this.#streams.delete(stream))
    return stream
  }

  get streams(): readonly Stream[] {
    return [...this.#streams]
  }

  /** Frames that are on their way by themselves: late ones, and those kept back behind the next. */
  get underWay(): number {
    return this.#late.size + this.#kept.size
  }

  /** Sends an answer of the protocol itself: no fault strikes it. */
  answer(stream: Stream, message: object): void {
    send(stream, JSON.stringify(message))
  }

  /** Sends a frame to the subscribers of a topic; `isPrivate` asks for authorised streams. */
  publish(topic: string, message: object, options: { readonly isPrivate: boolean }): void {
    const text = JSON.stringify(message)
    for (const stream of this.#streams) {
      if (stream.topics.has(topic) && (!options.isPrivate || stream.isAuthorised)) this.#send(stream, topic, text)
    }
  }

  /** Sends what was held. */
  release(): void {
    const held = this.#held
    this.#held = []
    for (const go of held) go()
  }

  /** Cuts connections without a goodbye. */
  cut(isMeant: (stream: Stream) => boolean): number {
    return this.#each(isMeant, ({ socket }) => socket.terminate())
  }

  /** Lets connections go dead: they stay open, and neither frames nor pongs pass. */
  kill(isMeant: (stream: Stream) => boolean): number {
    return this.#each(isMeant, (stream) => {
      stream.isDead = true
      // Not reading is what keeps the library from answering pings.
      stream.socket.pause()
    })
  }

  close(): void {
    for (const timer of this.#late) clearTimeout(timer)
    for (const { timer } of this.#kept.values()) clearTimeout(timer)
  }

  #each(isMeant: (stream: Stream) => boolean, act: (stream: Stream) => void): number {
    const meant = this.streams.filter(isMeant)
    for (const stream of meant) act(stream)
    return meant.length
  }

  #send(stream: Stream, topic: string, text: string): void {
    const go = (): void => send(stream, text)
    const fault = this.#faults.takeFrame(topic)
    switch (fault?.type) {
      case 'duplicate-frame':
        go()
        return this.#pass(stream, go)
      case 'reorder-frame':
        return this.#keep(stream, go)
      case 'delay-frame':
        return this.#later(fault.ms, go)
      case 'hold-frame':
        this.#held.push(go)
        return
      case 'drop-frame':
        return
      case undefined:
      default:
        return this.#pass(stream, go)
    }
  }

  /** Sends, then what was kept back behind it. */
  #pass(stream: Stream, go: () => void): void {
    go()
    const kept = this.#kept.get(stream)
    if (kept === undefined) return
    this.#kept.delete(stream)
    clearTimeout(kept.timer)
    kept.send()
  }

  #keep(stream: Stream, go: () => void): void {
    const before = this.#kept.get(stream)
    if (before !== undefined) return this.#pass(stream, go)
    const timer = setTimeout(() => {
      this.#kept.delete(stream)
      go()
    }, REORDER_PATIENCE_MS)
    this.#kept.set(stream, { send: go, timer })
  }

  #later(ms: number, go: () => void): void {
    const timer = setTimeout(() => {
      this.#late.delete(timer)
      go()
    }, ms)
    this.#late.add(timer)
  }
}

function send({ socket, isDead }: Stream, text: string): void {
  if (!isDead && socket.readyState === socket.OPEN) socket.send(text)
}
