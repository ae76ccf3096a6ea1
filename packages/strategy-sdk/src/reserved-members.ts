/** Members that a strategy must not hide or make wait: they would cut the strategy off from the run. */
import { HedgerowError } from '@hedgerow/core'
import { Hooks } from './hooks.ts'

/** What the session calls. */
const CALLED_BY_SESSION: readonly string[] = ['start', 'bar', 'handle', 'end']
const LISTS: readonly string[] = ['buy', 'sell', 'stopLoss', 'takeProfit']
/** How the lists of two words are written elsewhere. */
const MISSPELT_LISTS: readonly (readonly [wrong: string, right: string])[] = [['stoploss', 'stopLoss'], ['stop_loss', 'stopLoss'], ['takeprofit', 'takeProfit'], ['take_profit', 'takeProfit']]

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

/**
 * Refuses hooks that wait: what an `async` hook does after its first `await` would happen after the bar, and the promise that
 * it returns counts as yes.
 *
 * @throws HedgerowError `DECLARATION_INVALID` naming the hook.
 */
export function refuseWaitingHooks(strategy: Hooks, name: string): void {
  for (const key of Object.getOwnPropertyNames(Hooks.prototype)) {
    const hook: unknown = Reflect.get(strategy, key)
    const kind = typeof hook === 'function' ? Object.prototype.toString.call(hook) : ''
    if (kind !== '[object AsyncFunction]' && kind !== '[object AsyncGeneratorFunction]' && kind !== '[object GeneratorFunction]') continue
    throw new HedgerowError('DECLARATION_INVALID', {
      where: `strategy ${name}`, found: `${kind === '[object AsyncFunction]' ? 'an async hook' : 'a generator as hook'} \`${key}\``, expected: 'a hook that returns its answer', remedy: 'Remove async and await: hooks are synchronous, and a backtest has nothing to wait for.',
    })
  }
}

/**
 * Refuses methods and fields whose names are a hook's but for case or underscores: nobody would call them, and the run would say nothing.
 *
 * @throws HedgerowError `UNKNOWN_KEY` naming the member and the hook.
 */
export function refuseMisspeltHooks(strategy: object, base: object, name: string): void {
  const hooks = new Map(Object.getOwnPropertyNames(Hooks.prototype).filter((key) => key !== 'constructor').map((key) => [plain(key), key]))
  for (let holder: unknown = strategy; isObject(holder) && holder !== base; holder = Object.getPrototypeOf(holder)) {
    for (const key of Object.getOwnPropertyNames(holder)) {
      const hook = hooks.get(plain(key))
      if (hook !== undefined && hook !== key) throw misspelt(`strategy ${name}`, key, `the hook \`${hook}\``)
    }
  }
}

/** Makes assignments to `this.stoploss` and its like an error where they stand: they would declare nothing. `owner` is how an author names the object. */
export function refuseMisspeltLists(base: object, owner = 'this'): void {
  for (const [wrong, right] of MISSPELT_LISTS) {
    Object.defineProperty(base, wrong, {
      configurable: true,
      get: () => undefined,
      set() {
        throw misspelt(`${owner}.${wrong}`, wrong, `the list \`${right}\``)
      },
    })
  }
}

/** A name without what spellings differ by. */
function plain(key: string): string {
  return key.replaceAll('_', '').toLowerCase()
}

function misspelt(where: string, key: string, expected: string): HedgerowError {
  return new HedgerowError('UNKNOWN_KEY', { where, found: `a member \`${key}\``, expected, remedy: 'Correct its spelling, or give it another name if it is something else.' })
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
