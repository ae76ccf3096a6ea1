import { decimal } from '@hedgerow/core'
import { describe, expect, test } from 'vitest'
import { canonical, differences } from './compare.ts'

describe('canonical text of a number', () => {
  test.each([
    ['1.500', '1.5'],
    ['100', '100'],
    ['1E+3', '1000'],
    ['1e-7', '0.0000001'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['007', '7'],
    ['reduce 1.50 to tier 1', 'reduce 1.50 to tier 1'],
    ['', ''],
  ])('%s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected)
  })

  test('a decimal is its own text, without exponent', () => {
    expect(canonical(decimal('0.000000000000000000001'))).toBe('0.000000000000000000001')
    expect(canonical(decimal('1e30'))).toBe('1000000000000000000000000000000')
  })
})

describe('comparison', () => {
  test('up to 12 decimals the text has to be equal', () => {
    expect(differences('0.123456789012', decimal('0.123456789012'))).toEqual([])
    expect(differences('0.123456789012', decimal('0.123456789013'))).toEqual([{ path: '$', expected: '0.123456789012', actual: '0.123456789013' }])
    expect(differences('1.0', decimal('1'))).toEqual([])
  })

  test('beyond 12 decimals a difference of 1e-18 is allowed, and no more', () => {
    expect(differences('0.33333333333333333333', decimal('1').div('3'))).toEqual([])
    expect(differences('0.1000000000001', decimal('0.100000000000100000999'))).toHaveLength(0)
    expect(differences('0.1000000000001', decimal('0.100000000000100001001'))).toHaveLength(1)
    expect(differences('1', decimal('0.9999999999999999999999999'))).toEqual([])
  })

  test('a counter is a whole JSON number, money is not', () => {
    expect(differences(3, 3)).toEqual([])
    expect(differences(3, '3')).toHaveLength(1)
    expect(differences(3, decimal('3'))).toHaveLength(1)
    expect(differences('3', 3)).toHaveLength(1)
  })

  test('null, text and booleans are exact', () => {
    expect(differences(null, null)).toEqual([])
    expect(differences(null, decimal('0'))).toHaveLength(1)
    expect(differences('0', null)).toHaveLength(1)
    expect(differences(true, true)).toEqual([])
    expect(differences(true, 'true')).toHaveLength(1)
    expect(differences('below', 'above')).toHaveLength(1)
  })

  test('only expected keys are compared; a missing one is a difference', () => {
    expect(differences({ a: '1' }, { a: decimal('1'), b: 'more' })).toEqual([])
    expect(differences({ a: '1' }, {})).toEqual([{ path: 'a', expected: '1', actual: 'nothing' }])
    expect(differences({ a: null }, {})).toEqual([{ path: 'a', expected: 'null', actual: 'nothing' }])
    expect(differences({ toString: 'x' }, {})).toHaveLength(1)
  })

  test('paths join keys and indexes with dots, and a wrong length is one of them', () => {
    expect(differences({ rows: [{ mm: '1' }, { mm: '2' }] }, { rows: [{ mm: decimal('1') }, { mm: decimal('3') }] })).toEqual([{ path: 'rows.1.mm', expected: '2', actual: '3' }])
    expect(differences({ ids: ['a', 'b'] }, { ids: ['a'] })).toEqual([{ path: 'ids.length', expected: '2', actual: '1' }])
    expect(differences({ ids: [] }, { ids: ['a'] })).toEqual([{ path: 'ids.length', expected: '0', actual: '1' }])
  })

  test('a value of another kind is shown whole', () => {
    expect(differences({ a: { b: '1' } }, { a: decimal('2') })).toEqual([{ path: 'a', expected: '{"b":"1"}', actual: '2' }])
    expect(differences({ a: ['1'] }, { a: { b: decimal('2') } })).toEqual([{ path: 'a', expected: '["1"]', actual: '{"b":"2"}' }])
  })

  test('what is not finite never passes', () => {
    expect(differences('0', decimal('1').div('0'))).toHaveLength(1)
    expect(differences(null, decimal('0').div('0'))).toHaveLength(1)
    expect(differences('Infinity', decimal('1').div('0'))).toHaveLength(1)
  })
})
