/** Times as data files write them. */

const ISO = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?)? ?(Z|UTC|[+-]\d\d:?\d\d)?$/

/** Milliseconds of `2023-10-02`, `2023-10-02 00:05:00` or `2023-10-02T00:05:00.000+00:00`; UTC where no zone is named; NaN for anything else, and for days that no calendar has. */
export function parseTimeText(text: string): number {
  const match = ISO.exec(text)
  if (match === null) return Number.NaN
  const [, day = '', minutes = '00:00', seconds = ':00', zone = 'Z'] = match
  if (!isInCalendar(day)) return Number.NaN
  return Date.parse(`${day}T${minutes}${seconds}${zone === 'UTC' ? 'Z' : zone}`)
}

/** `Date` takes 31 February for 3 March. */
function isInCalendar(day: string): boolean {
  return Number(day.slice(8)) <= 28 || new Date(day).getUTCDate() === Number(day.slice(8))
}

/** What a number of a time column must be multiplied with to give milliseconds: seconds, milliseconds and microseconds differ by their size. */
export function millisecondsPer(time: number): number {
  return time < 1e11 ? 1000 : time < 1e14 ? 1 : 0.001
}
