/** The routes of a run: each a strategy on one symbol or several and a timeframe, owner of one leg or both. */
import { HedgerowError, isHedgerowError, LEGS, type Leg, type Strategy } from '@hedgerow/core'
import { namedTimeframes, type RouteBars } from './bars.ts'
import type { Market } from './market.ts'
import type { BacktestSettings, RouteSettings } from './options.ts'

/** A route that is ready to run. */
export interface PlannedRoute {
  readonly name: string
  readonly symbols: readonly [string, ...string[]]
  readonly timeframe: string
  readonly legs: readonly Leg[]
  /** One row a symbol, in their order. */
  readonly bars: readonly (RouteBars & { readonly symbol: string })[]
  readonly strategy: Strategy
  /** As the strategy reads them. */
  readonly params: Readonly<Record<string, unknown>>
  /** What the strategy goes on from. */
  readonly vars: Readonly<Record<string, unknown>> | undefined
}

/**
 * Makes the strategies of all routes.
 *
 * @throws HedgerowError `LEG_OWNED` when two routes own one leg, `CONFIG_INVALID` for two routes of one name, `PARAMETER_INVALID`.
 */
export function planRoutes({ routes }: Pick<BacktestSettings, 'routes'>, market: Pick<Market, 'routeBars'>): readonly PlannedRoute[] {
  const planned = routes.map((route): PlannedRoute => {
    const { symbols, timeframe, params, legs, vars } = route
    const strategy = made(route)
    return { name: nameOf(route, routes), symbols, timeframe, params: parametersOf(strategy) ?? params, legs: LEGS.filter((leg) => legs.includes(leg)), bars: namedTimeframes(route).map(({ symbol }) => ({ symbol, ...market.routeBars(symbol, timeframe) })), strategy, vars }
  })
  requireOneOwner(planned)
  return planned
}

/** Its constructor and class fields are the author's code. */
function made({ strategy, params }: RouteSettings): Strategy {
  try {
    return new strategy(params)
  } catch (cause) {
    if (isHedgerowError(cause)) throw cause
    throw new HedgerowError('STRATEGY_THREW', { where: `strategy ${strategy.name}, constructor and class fields`, found: String(cause), expected: 'a class that can be made', cause })
  }
}

/** Parameters with their defaults, of a strategy that shows them as the SDK's class does. */
function parametersOf(strategy: Strategy): Readonly<Record<string, unknown>> | null {
  const parameters: unknown = 'hp' in strategy ? strategy.hp : null
  return typeof parameters === 'object' && parameters !== null ? { ...parameters } : null
}

/** The class name, with symbol and timeframe where one class runs on several routes. */
function nameOf({ name, strategy, symbols, timeframe }: RouteSettings, routes: readonly RouteSettings[]): string {
  if (name !== undefined) return name
  const alone = routes.filter((other) => other.name === undefined && other.strategy === strategy).length === 1
  return alone ? strategy.name : `${strategy.name} ${symbols.join('+')} ${timeframe}`
}

function requireOneOwner(routes: readonly PlannedRoute[]): void {
  const names = new Set<string>()
  const owners = new Map<string, string>()
  for (const { name, symbols, legs } of routes) {
    if (names.has(name)) throw new HedgerowError('CONFIG_INVALID', { where: 'routes', found: `two routes named "${name}"`, expected: 'one name a route', remedy: 'Give one of them a name: { name: "..." }.' })
    names.add(name)
    for (const owned of symbols.flatMap((symbol) => legs.map((leg) => `${symbol} ${leg}`))) {
      const owner = owners.get(owned)
      if (owner !== undefined) throw new HedgerowError('LEG_OWNED', { where: 'routes', found: `${owned} owned by "${owner}" and "${name}"`, expected: 'one owner a leg' })
      owners.set(owned, name)
    }
  }
}
