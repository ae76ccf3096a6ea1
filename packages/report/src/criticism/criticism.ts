/**
 * What a careful reader would say of a run before believing it, in words. Each item tells how it was found and what to do;
 * an item that is not there was looked for and not found.
 */
import type { FinishedRun } from '../finished-run.ts'
import { COST_RULES } from './costs.ts'
import { DATA_RULES } from './data.ts'
import { EVIDENCE_RULES } from './evidence.ts'
import { LEG_RULES } from './legs.ts'
import { RISK_RULES } from './risk.ts'
import { SIMULATION_RULES } from './simulation.ts'

/** How much it matters: `severe` unmakes the result, `warning` weakens it, `note` has to be known. */
export type Severity = 'severe' | 'warning' | 'note'

/** One remark about a run. */
export interface Criticism {
  /** Stable name, such as `few-trades`. */
  readonly id: string
  readonly severity: Severity
  /** One sentence with its numbers. */
  readonly headline: string
  /** How it was found: what was compared with what. */
  readonly found: string
  /** What to do about it. */
  readonly remedy: string
}

/** What a criticism reads: nothing for which the events have to be gone through once more. */
export interface CriticisedRun extends Pick<FinishedRun, 'kind' | 'header' | 'metrics' | 'counts' | 'warnings' | 'trades' | 'openPositions' | 'events' | 'markets' | 'bracket'> {
  /** Tells when it came nearest to liquidation; null where it is not at hand. */
  readonly course: FinishedRun['course'] | null
}

/** Looks for one fault. */
export type Rule = (run: CriticisedRun) => Criticism | null

const RULES: readonly Rule[] = [...EVIDENCE_RULES, ...SIMULATION_RULES, ...RISK_RULES, ...COST_RULES, ...LEG_RULES, ...DATA_RULES]
const ORDER: readonly Severity[] = ['severe', 'warning', 'note']

/** Everything that is to be said of a run, what matters most first. */
export function criticise(run: CriticisedRun): readonly Criticism[] {
  const items = RULES.flatMap((rule) => rule(run) ?? [])
  return ORDER.flatMap((severity) => items.filter((item) => item.severity === severity))
}
