/** Times and durations as a page shows them, UTC. */

/** `2023-10-02 15:00` */
export function minuteText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

/** `2023-10-02` */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** `2023-10` */
export function monthText(at: number): string {
  return new Date(at).toISOString().slice(0, 7)
}

const UNITS: readonly (readonly [ms: number, unit: string])[] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']]

/** `2 d 4 h`, `35 min`, `12 s`: the two largest units. */
export function durationText(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit)
  if (first < 0) return `${Math.round(ms)} ms`
  const [large = ['', ''], small] = UNITS.slice(first, first + 2)
  const [size, name] = large
  const whole = Math.floor(ms / Number(size))
  const rest = small === undefined ? 0 : Math.floor((ms - whole * Number(size)) / small[0])
  return `${whole} ${name}${rest > 0 && small !== undefined ? ` ${rest} ${small[1]}` : ''}`
}
