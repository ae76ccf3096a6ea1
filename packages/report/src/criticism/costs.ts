/** What costs leave of the edge. */
import { maxDecimal, ZERO } from '@hedgerow/core'
import type { Rule } from './criticism.ts'
import { money, percent } from './numbers.ts'

/** Share of the gross profit from which costs are most of the edge. */
const MOST = '0.5'

const costsEatTheEdge: Rule = ({ metrics: { total: { grossPnl, fees, funding } } }) => {
  const paidFunding = maxDecimal(funding.neg(), ZERO)
  const costs = fees.plus(paidFunding)
  if (!grossPnl.gt(0) || costs.lt(grossPnl.times(MOST))) return null
  const main = fees.gte(paidFunding) ? 'Fees' : 'Funding'
  return {
    id: 'costs', severity: costs.gte(grossPnl) ? 'severe' : 'warning',
    headline: `${main} and other costs took ${percent(costs.div(grossPnl))} of the gross profit.`,
    found: `Closed trades made ${money(grossPnl)} before costs; fees were ${money(fees)} and funding ${funding.lt(0) ? `cost ${money(paidFunding)}` : `brought ${money(funding)}`}.`,
    remedy: main === 'Fees' ? 'Trade less often or with resting limit orders (maker fees), and check the fee tier.' : 'Hold less through settlements, or on the side that is paid.',
  }
}

/** Rules about costs. */
export const COST_RULES: readonly Rule[] = [costsEatTheEdge]
