/**
 * Turns the fills of all legs into closed lots, first in first out: one trade for each piece that an opening fill and a closing fill share
 * (SIMULATION 5.1). For tax, for export, and for comparing with engines that count so. What the lots of a leg add up to is what its round trips do:
 * gross profit follows the ledger, which books at average cost, so the last lot of a round trip takes the difference.
 */
import { maxDecimal, minDecimal, ZERO, type Decimal } from '../domain/decimal.ts'
import type { Leg } from '../domain/leg.ts'
import { unrealisedPnl } from '../domain/position.ts'
import type { TimeMs } from '../domain/time.ts'
import type { Trade } from '../domain/trade.ts'
import { exitReasonOf, type LegFill, type OpenPosition } from './round-trip.ts'
import type { TradeEvent, TradeRules } from './trade-builder.ts'
import { netPnlOf } from './trade-metrics.ts'

/** What is left of an opening fill. */
interface Lot {
  readonly fill: LegFill
  qty: Decimal
  fees: Decimal
  funding: Decimal
  low: Decimal
  high: Decimal
}

/** One leg since it was last flat. */
interface LegLots {
  lots: Lot[]
  /** Gross profit that the ledger has booked beyond that of the lots so far. */
  owed: Decimal
  /** Where the first and the last trade of its present round trip are. */
  firstTrade: number
  lastTrade: number
}

/** The fold of leg events into lots. */
export class LotBuilder {
  readonly #rules: TradeRules
  readonly #timeOf: (at: TimeMs) => TimeMs
  readonly #trades: Trade[] = []
  readonly #legs = new Map<string, LegLots>()

  constructor(rules: TradeRules) {
    this.#rules = rules
    this.#timeOf = rules.timeOf ?? ((at) => at)
  }

  /** Closed lots in the order in which they closed. */
  get trades(): readonly Trade[] {
    return this.#trades
  }

  /** Takes the next event, after the round trips have: what they refuse does not come here. */
  apply(event: TradeEvent): void {
    switch (event.type) {
      case 'price':
        for (const leg of ['long', 'short'] as const) if (event.leg === undefined || event.leg === leg) for (const lot of this.#of(event.symbol, leg).lots) widen(lot, event.low, event.high)
        return
      case 'funding':
        return this.#share(event, (lot, amount) => { lot.funding = lot.funding.plus(amount) }, (trade, amount) => ({ ...trade, funding: trade.funding.plus(amount) }))
      case 'posting':
        return this.#share(event, (lot, amount) => { lot.fees = lot.fees.minus(amount) }, (trade, amount) => ({ ...trade, fees: trade.fees.minus(amount) }))
      case 'fill':
        for (const lot of this.#of(event.symbol, event.leg).lots) widen(lot, event.price, event.price)
        if (event.intent === 'open') this.#open(event)
        else this.#close(event)
    }
  }

  #open(fill: LegFill): void {
    const leg = this.#of(fill.symbol, fill.leg)
    if (leg.lots.length === 0) leg.firstTrade = this.#trades.length
    leg.lots.push({ fill, qty: fill.qty, fees: fill.fee, funding: ZERO, low: fill.price, high: fill.price })
  }

  /** What is open of a round trip, with what its closed lots already tell taken out of it. */
  openPositions(roundTrips: readonly OpenPosition[]): readonly OpenPosition[] {
    return roundTrips.map((position) => {
      const { lots, firstTrade } = this.#of(position.symbol, position.leg)
      const closed = this.#trades.slice(firstTrade).filter(({ symbol, leg }) => symbol === position.symbol && leg === position.leg)
      const sum = (read: (trade: Trade) => Decimal): Decimal => closed.reduce((total, trade) => total.plus(read(trade)), ZERO)
      const cost = lots.reduce((total, { fill, qty }) => total.plus(qty.times(fill.price)), ZERO)
      const unrealised = position.unrealisedPnl.plus(position.realisedPnl).minus(sum(({ grossPnl }) => grossPnl))
      const money = { fees: position.fees.minus(sum(({ fees }) => fees)), funding: position.funding.minus(sum(({ funding }) => funding)) }
      return {
        ...position, ...money, entryPrice: cost.div(position.qty), unrealisedPnl: unrealised, realisedPnl: ZERO, netPnl: netPnlOf({ grossPnl: unrealised, ...money }),
        tradedNotional: position.tradedNotional.minus(sum(({ qty, entryPrice, exitPrice }) => qty.times(entryPrice.plus(exitPrice)))),
        openedAt: this.#timeOf(lots[0]?.fill.at ?? position.openedAt),
      }
    })
  }

  /** Each lot takes its part by quantity, the last one what is left; of a leg that has just been closed its last trade. */
  #share({ symbol, leg, amount }: Extract<TradeEvent, { type: 'funding' | 'posting' }>, give: (lot: Lot, amount: Decimal) => void, amend: (trade: Trade, amount: Decimal) => Trade): void {
    const { lots, lastTrade } = this.#of(symbol, leg)
    const trade = this.#trades[lastTrade]
    if (lots.length === 0 && trade !== undefined) this.#trades[lastTrade] = settled(amend(trade, amount), this.#rules.leverage(symbol, leg))
    const held = lots.reduce((total, { qty }) => total.plus(qty), ZERO)
    let left = amount
    for (const [index, lot] of lots.entries()) {
      const part = index === lots.length - 1 ? left : amount.times(lot.qty).div(held)
      give(lot, part)
      left = left.minus(part)
    }
  }

  #close(fill: LegFill): void {
    const leg = this.#of(fill.symbol, fill.leg)
    leg.owed = leg.owed.plus(fill.realised)
    let rest = fill.qty
    let fee = fill.fee
    for (let lot = leg.lots[0]; lot !== undefined && rest.gt(0); lot = leg.lots[0]) {
      const qty = minDecimal(rest, lot.qty)
      const exitFee = qty.eq(rest) ? fee : fill.fee.times(qty).div(fill.qty)
      const isWhole = qty.eq(lot.qty)
      const part = (amount: Decimal): Decimal => (isWhole ? amount : amount.times(qty).div(lot.qty))
      const entryFee = part(lot.fees)
      const funding = part(lot.funding)
      rest = rest.minus(qty)
      fee = fee.minus(exitFee)
      if (isWhole) leg.lots.shift()
      const gross = leg.lots.length === 0 && isWhole ? leg.owed : unrealisedPnl({ leg: fill.leg, qty, cost: qty.times(lot.fill.price) }, fill.price)
      leg.owed = leg.lots.length === 0 && isWhole ? ZERO : leg.owed.minus(gross)
      this.#tell(lot, fill, { qty, grossPnl: gross, fees: entryFee.plus(exitFee), funding })
      lot.qty = lot.qty.minus(qty)
      lot.fees = lot.fees.minus(entryFee)
      lot.funding = lot.funding.minus(funding)
    }
  }

  #tell({ fill: entry, low, high }: Lot, exit: LegFill, money: Pick<Trade, 'qty' | 'grossPnl' | 'fees' | 'funding'>): void {
    const { symbol, leg, strategy } = entry
    const notional = money.qty.times(entry.price)
    const at = (price: Decimal): Decimal => unrealisedPnl({ leg, qty: money.qty, cost: notional }, price)
    const openedAt = this.#timeOf(entry.at)
    const closedAt = this.#timeOf(exit.at)
    const orders = [entry.orderId, exit.orderId].filter((id) => id !== null)
    this.#of(symbol, leg).lastTrade = this.#trades.length
    this.#trades.push(settled({
      id: this.#trades.length + 1, strategy, symbol, leg, entryPrice: entry.price, exitPrice: exit.price, ...money, netPnl: ZERO, pnlPercentage: ZERO, openedAt, closedAt, holdingMs: closedAt - openedAt,
      exitReason: exitReasonOf(exit.role), mae: minDecimal(ZERO, minDecimal(at(low), at(high))), mfe: maxDecimal(ZERO, maxDecimal(at(low), at(high))), peakNotional: notional, orders: [...new Set(orders)],
    }, this.#rules.leverage(symbol, leg)))
  }

  #of(symbol: string, leg: Leg): LegLots {
    const key = `${symbol} ${leg}`
    const known = this.#legs.get(key)
    if (known !== undefined) return known
    const fresh: LegLots = { lots: [], owed: ZERO, firstTrade: 0, lastTrade: -1 }
    this.#legs.set(key, fresh)
    return fresh
  }
}

/** The trade with what follows from its money. */
function settled(trade: Trade, leverage: Decimal): Trade {
  const netPnl = netPnlOf(trade)
  return { ...trade, netPnl, pnlPercentage: netPnl.times(100).times(leverage).div(trade.peakNotional) }
}

function widen(lot: Lot, low: Decimal, high: Decimal): void {
  lot.low = minDecimal(lot.low, low)
  lot.high = maxDecimal(lot.high, high)
}
