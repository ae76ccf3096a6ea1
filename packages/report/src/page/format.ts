/** Numbers and times as texts. */

/** What is written where a value does not exist. */
export const ABSENT = '–'

/** Grouped by thousands, with `places` decimals. */
export function numberText(value: number, places = 2): string {
  if (!Number.isFinite(value)) return ABSENT
  const text = value.toFixed(places)
  const [whole = '', fraction] = text.replace('-', '').split('.')
  const grouped = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`
  return `${text.startsWith('-') && /[1-9]/.test(text) ? '-' : ''}${grouped}`
}

/** The shortest text that names the value. */
export function exactText(value: number): string {
  if (!Number.isFinite(value)) return ABSENT
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text
}

/** With its sign. */
export function signedText(value: number, places = 2): string {
  const text = numberText(value, places)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

/** A fraction in percent. */
export function percentText(value: number, places = 2): string {
  return Number.isFinite(value) ? `${numberText(100 * value, places)} %` : ABSENT
}

/** `2023-10-02 15:00`, UTC; seconds where there are some. */
export function timeText(ms: number): string {
  const text = new Date(ms).toISOString().replace('T', ' ')
  return ms % 60_000 === 0 ? text.slice(0, 16) : text.slice(0, 19)
}

/** `2 d 4 h` */
export function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${rest} min`
  return minutes > 0 ? `${minutes} min` : `${Math.round(ms / 1000)} s`
}

/** `good` or `bad` by sign. */
export function tone(value: number): string {
  return value > 0 ? 'good' : value < 0 ? 'bad' : ''
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
