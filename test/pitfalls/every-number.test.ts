/** Every pitfall of the list has a test that bears its number, or does not concern this venue. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const PITFALLS = 36
/** Why a pitfall is none at Bybit. */
const ELSEWHERE: Readonly<Record<number, string>> = {
  3: 'reduceOnly is refused by Binance in hedge mode; Bybit asks for it, see 4',
  20: 'listen keys are Binance\'s; a session of Bybit ends with its socket, see 18 and 19',
  32: 'contracts that are not base units are OKX\'s; the linear contracts of Bybit are counted in base units, and 33 sees that they are sent as they are',
}

it('each number from 1 to 36 is in a test or does not concern Bybit', () => {
  const tested = new Set(readdirSync(import.meta.dirname).filter((name) => name.startsWith('bybit-')).flatMap((name) => Array.from(readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/bybit (?<number>\d+):/g), ({ groups }) => Number(groups?.['number']))))
  const numbers = Array.from({ length: PITFALLS }, (_, index) => index + 1)
  expect(numbers.filter((number) => !tested.has(number) && !(number in ELSEWHERE))).toEqual([])
  expect(numbers.filter((number) => tested.has(number) && number in ELSEWHERE)).toEqual([])
})
