/** The routes of a run: each a strategy on a symbol and a timeframe, owner of one leg or both. */
import { HedgerowError, LEGS, type BarFeed, type Leg, type Strategy } from '@hedgerow/core'
import type { Market } from './market.ts'
import type { BacktestSettings, RouteSettings } from './options.ts'

/** A route that is ready to run. */
export interface PlannedRoute {
  readonly name: string
  readonly symbol: string
  readonly timeframe: string
  readonly legs: readonly Leg[]
  readonly feed: BarFeed
  readonly strategy: Strategy
  readonly params: Readonly<Record<string, unknown>>
}

/**
 * Makes the strategies of all routes.
 *
 * @throws HedgerowError `LEG_OWNED` when two routes own one leg, `CONFIG_INVALID` for two routes of one name, `PARAMETER_INVALID`.
 */
export function planRoutes({ routes }: BacktestSettings, market: Market): readonly PlannedRoute[] {
  const planned = routes.map((route): PlannedRoute => {
    const { symbol, timeframe, params } = route
    return { name: nameOf(route, routes), symbol, timeframe, params, legs: LEGS.filter((leg) => route.legs.includes(leg)), feed: market.feedOf(symbol, timeframe), strategy: new route.strategy(params) }
  })
  requireOneOwner(planned)
  return planned
}

/** The class name, with symbol and timeframe where one class runs on several routes. */
function nameOf({ name, strategy, symbol, timeframe }: RouteSettings, routes: readonly RouteSettings[]): string {
  if (name !== undefined) return name
  const alone = routes.filter((other) => other.name === undefined && other.strategy === strategy).length === 1
  return alone ? strategy.name : `${strategy.name} ${symbol} ${timeframe}`
}

function requireOneOwner(routes: readonly PlannedRoute[]): void {
  const names = new Set<string>()
  const owners = new Map<string, string>()
  for (const { name, symbol, legs } of routes) {
    if (names.has(name)) throw new HedgerowError('CONFIG_INVALID', { where: 'routes', found: `two routes named "${name}"`, expected: 'one name a route', remedy: 'Give one of them a name: { name: "..." }.' })
    names.add(name)
    for (const leg of legs) {
      const owner = owners.get(`${symbol} ${leg}`)
      if (owner !== undefined) throw new HedgerowError('LEG_OWNED', { where: 'routes', found: `${symbol} ${leg} owned by "${owner}" and "${name}"`, expected: 'one owner a leg' })
      owners.set(`${symbol} ${leg}`, name)
    }
  }
}
