/** A random sequence of troubles that a seed decides: what goes wrong, where, and how long after the one before. */
import type { Fault } from './fault.ts'
import { randomOf } from '../venue/random.ts'

/** What a plan may do beside arming faults. */
export type Trouble =
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'cut' }
  | { readonly type: 'half-open' }
  | { readonly type: 'skew'; readonly ms: number }

/** A trouble and the number of requests after the one before at which it comes. */
export interface PlannedTrouble {
  readonly afterRequests: number
  readonly trouble: Trouble
}

/** What to plan. */
export interface PlanOptions {
  readonly seed: number
  readonly count: number
  /** Mean number of requests between two troubles. */
  readonly everyRequests: number
  /** Routes that place, change or cancel orders: lost answers strike these. */
  readonly orderRoutes: readonly string[]
  /** The venue's codes for an outcome that is not known, and for too many requests. */
  readonly codes: { readonly unknown: readonly number[]; readonly tooMany: number }
}

/** The same seed and options give the same plan. */
export function planTroubles({ seed, count, everyRequests, orderRoutes, codes }: PlanOptions): readonly PlannedTrouble[] {
  const random = randomOf(seed)
  const pick = <T>(choices: readonly [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0]
  const route = (): string => orderRoutes[Math.floor(random() * orderRoutes.length)] ?? '/'
  const makers: readonly [() => Trouble, ...(() => Trouble)[]] = [
    () => ({ type: 'fault', fault: { type: 'lost-response', route: route() } }),
    () => ({ type: 'fault', fault: { type: 'lost-request', route: route() } }),
    () => ({ type: 'fault', fault: { type: 'failed-response', route: route(), status: pick([500, 502, 503, 504]) } }),
    () => ({ type: 'fault', fault: { type: 'html', route: route() } }),
    () => ({ type: 'fault', fault: { type: 'code', route: route(), code: codes.unknown[Math.floor(random() * codes.unknown.length)] ?? 0, message: 'Server Timeout', executed: random() < 0.5 } }),
    () => ({ type: 'fault', fault: { type: 'code', code: codes.tooMany, message: 'Too many visits!', times: 1 + Math.floor(random() * 3) } }),
    () => ({ type: 'fault', fault: { type: 'refused', status: pick([403, 429]) } }),
    () => ({ type: 'fault', fault: { type: 'slow-response', route: route(), ms: 20 + Math.floor(random() * 200) } }),
    () => ({ type: 'fault', fault: { type: 'duplicate-frame', topic: pick(['execution', 'order', 'position']), times: 1 + Math.floor(random() * 3) } }),
    () => ({ type: 'fault', fault: { type: 'reorder-frame', topic: pick(['execution', 'order', 'position']) } }),
    () => ({ type: 'fault', fault: { type: 'delay-frame', topic: pick(['execution', 'order']), ms: 20 + Math.floor(random() * 200) } }),
    () => ({ type: 'cut' }),
    () => ({ type: 'half-open' }),
    () => ({ type: 'skew', ms: pick([-2000, -800, 0, 800, 2000]) }),
  ]
  return Array.from({ length: count }, () => ({ afterRequests: 1 + Math.floor(random() * 2 * everyRequests), trouble: pick(makers)() }))
}
