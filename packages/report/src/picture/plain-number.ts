/** Numbers on an axis. */

/** Fixed places, grouped by thousands; no negative zero. */
export function plainNumber(value: number, places: number): string {
  const [whole = '', fraction] = value.toFixed(places).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
  return /^-[0.,]*$/.test(text) ? text.slice(1) : text
}
