/** Reads what a page writes. */

/** `-1,093.19`, `12.9 %`, `2 d 4 h`, `–` as numbers, with the size of their last digit. */
export function numberOf(text: string): { readonly value: number | null; readonly step: number } {
  const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, min: 60_000, s: 1000, ms: 1 }
  if (text === '–') return { value: null, step: 0 }
  const durations = [...text.matchAll(/(\d+) (d|h|min|s|ms)\b/g)]
  if (durations.length > 0) return { value: durations.reduce((sum, [, size = '', unit = '']) => sum + Number(size) * (units[unit] ?? 0), 0), step: 2 * (units[durations.at(-1)?.[2] ?? ''] ?? 0) }
  const digits = text.replace(/[,+ %]/g, '')
  const scale = text.includes('%') ? 0.01 : 1
  return { value: Number(digits) * scale, step: scale * 10 ** -(digits.split('.')[1]?.length ?? 0) }
}
