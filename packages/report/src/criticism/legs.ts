/** Does each leg earn its place, and were the parameters chosen with room to both sides? */
import { LEGS, oppositeLeg, type Leg } from '@hedgerow/core'
import type { CriticisedRun, Criticism, Rule } from './criticism.ts'
import { counted, money, percent } from './numbers.ts'

/** A leg with fewer trades than this has not been tried. */
const ENOUGH_TRADES = 5

function legNeverPays({ metrics }: CriticisedRun, leg: Leg): Criticism | null {
  const [own, other] = [metrics[leg], metrics[oppositeLeg(leg)]]
  if (own.count < ENOUGH_TRADES || !own.totalPnl.lt(0) || !other.totalPnl.gt(0)) return null
  const { hedgeBenefit } = metrics.total
  const softened = hedgeBenefit !== null && hedgeBenefit.gt(0)
  return {
    id: `${leg}-never-pays`, severity: softened ? 'note' : 'warning',
    headline: `The ${leg} leg lost ${money(own.totalPnl.abs())}, and the other made ${money(other.totalPnl)}.`,
    found: `${counted(own.count, 'trade')} of the ${leg} leg, open positions counted.${softened ? ` It made the deepest fall of the account ${percent(hedgeBenefit)} smaller than that of the deeper leg.` : ' It did not make the deepest fall of the account smaller either.'}`,
    remedy: `Run with --counterfactual and see what the ${leg} leg buys${softened ? ' for its price' : ''}.`,
  }
}

const parameterAtEdge: Rule = ({ header: { routes } }) => {
  const edges = routes.flatMap(({ params, ranges = {} }) => Object.entries(ranges).flatMap(([name, { min, max }]) => {
    const value = params[name]
    if (typeof value !== 'number' || (min === max) || (value !== min && value !== max)) return []
    return [`${name} is ${value}, the ${value === min ? 'smallest' : 'largest'} of ${min ?? 'any'} to ${max ?? 'any'}`]
  }))
  return edges.length === 0 ? null : {
    id: 'parameter-edge', severity: 'note',
    headline: `${counted(edges.length, 'parameter')} at the edge of ${edges.length === 1 ? 'its range' : 'their ranges'}.`,
    found: `${edges.join('; ')}.`,
    remedy: 'The best value may lie beyond the edge: widen the range in the schema and look, or say why it ends there.',
  }
}

/** Rules about legs and parameters. */
export const LEG_RULES: readonly Rule[] = [...LEGS.map((leg): Rule => (run) => legNeverPays(run, leg)), parameterAtEdge]
