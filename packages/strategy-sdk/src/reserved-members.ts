/** Members that a strategy must not hide: a class field of that name would cut the strategy off from the run. */
import { HedgerowError } from '@hedgerow/core'

/** What the session calls. */
const CALLED_BY_SESSION: readonly string[] = ['start', 'bar', 'handle', 'end']
const LISTS: readonly string[] = ['buy', 'sell', 'stopLoss', 'takeProfit']

/**
 * Refuses class fields that hide an accessor of the base classes, and overrides of what the session calls.
 *
 * @throws HedgerowError `DECLARATION_INVALID` naming the member.
 */
export function refuseHiddenMembers(strategy: object, base: object, name: string): void {
  for (const key of Object.keys(strategy)) if (isAccessor(base, key)) throw hidden(name, key)
  for (let proto: unknown = Object.getPrototypeOf(strategy); isObject(proto) && proto !== base; proto = Object.getPrototypeOf(proto)) {
    for (const key of Object.getOwnPropertyNames(proto)) if (isAccessor(base, key) || CALLED_BY_SESSION.includes(key)) throw hidden(name, key)
  }
}

function isAccessor(base: object, key: string): boolean {
  for (let proto: unknown = base; isObject(proto) && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    if (Object.getOwnPropertyDescriptor(proto, key)?.get !== undefined) return true
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function hidden(name: string, key: string): HedgerowError {
  const isList = LISTS.includes(key)
  return new HedgerowError('DECLARATION_INVALID', {
    where: `strategy ${name}`,
    found: `a class member \`${key}\`, which hides the one of Strategy`,
    expected: isList ? `no class field of that name: assign this.${key} inside a hook, such as goLong` : 'another name',
    remedy: isList ? 'Remove the class field; settings belong in parameters.' : 'Rename the member.',
  })
}
