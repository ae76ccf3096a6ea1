/** One line on the screen that says how far a run is. */
import { writeSync } from 'node:fs'
import { styleText } from 'node:util'

const WIDTH = 30
const BETWEEN_DRAWS_S = 0.1
const ERASE_LINE = '\r\u001B[2K'

/** A line on standard error; it shows nothing before 100 ms, so that short runs stay quiet. Writes are synchronous: a run does not return to the event loop. */
export class ProgressLine {
  #drawnAt = process.uptime()
  #visible = false

  /** Takes the fraction of the run that is done. */
  show(fraction: number): void {
    const now = process.uptime()
    if (now - this.#drawnAt < BETWEEN_DRAWS_S) return
    this.#drawnAt = now
    this.#visible = true
    const done = Math.round(fraction * WIDTH)
    const bar = `${styleText('green', '━'.repeat(done), { stream: process.stderr })}${styleText('dim', '━'.repeat(WIDTH - done), { stream: process.stderr })}`
    writeSync(process.stderr.fd, `${ERASE_LINE}  ${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %`)
  }

  /** Removes the line; what is written next starts at its place. */
  clear(): void {
    if (this.#visible) writeSync(process.stderr.fd, ERASE_LINE)
    this.#visible = false
  }
}
