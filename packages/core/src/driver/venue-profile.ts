/**
 * What a venue does with money, as data: a driver exports it, parametric formulas read it. Every difference between
 * venues that the simulation knows is a field here; nothing asks for a name.
 */
import type { Decimal } from '../domain/decimal.ts'
import type { Instrument, InstrumentInput } from '../domain/instrument.ts'
import type { MoneyRule } from '../domain/money.ts'
import type { TierRow, TierTable } from '../domain/tiers.ts'
import type { Claim } from './claim.ts'

/** The price that values a position: the mark of the moment, or the average entry. */
export type PriceBase = 'mark' | 'entry'

/** Margin of positions (SIMULATION 1.1, 1.2, 2.2). */
export interface MarginRules {
  /** Initial margin is `qty x price / leverage` at this price. */
  readonly initialPrice: { readonly cross: PriceBase; readonly isolated: PriceBase }
  /** Maintenance margin is the tier margin of `qty x price` at this price. */
  readonly maintenancePrice: PriceBase
  /** True: both margins carry the taker fee of closing at the bankruptcy price, `qty x entry x (1 -/+ 1/leverage) x taker`. */
  readonly closeFeeReserve: boolean
  /**
   * What a quantity held on both legs costs in maintenance margin (cross): `both` charges each leg in full; `net` charges the tier
   * margin of the net only, and the close fee of the hedged part `hedgedCloseFeeMultiplier` times.
   */
  readonly hedged: 'both' | 'net'
  readonly hedgedCloseFeeMultiplier: Decimal
  /** True: available margin is never reported below zero. */
  readonly clampAvailable: boolean
  /** True: unrealised profit of isolated legs counts into available margin as well. */
  readonly isolatedProfitAvailable: boolean
}

/** Margin of resting orders that open, and the price of a new one (SIMULATION 1.5). */
export interface OrderMarginRules {
  /**
   * One-way: `exposure` charges `(max(|N + bids|, |N - asks|) - |N|) / leverage`; `beyond-position` charges each side beyond what the
   * position offsets and takes the larger side; `larger-side` takes the larger side and no offset.
   */
  readonly oneWay: 'exposure' | 'beyond-position' | 'larger-side'
  /** Hedge mode: openers of both legs are summed; the posting is rounded once an order, or once a leg. */
  readonly hedge: 'sum-of-orders' | 'sum-of-legs'
  /** True: an order also reserves the taker fees of opening and of closing at its bankruptcy price. */
  readonly fees: boolean
  /** True: what resting openers would lose at once (price worse than mark) lowers the balance in rates and in the liquidation test. */
  readonly orderLoss: boolean
  /** True: a new order also costs what it would lose at once. */
  readonly openLoss: boolean
  /** A short opener is priced at `max(last x this, mark, price)`; null prices it at its own price. */
  readonly shortPriceFactor: Decimal | null
  /** A market order that buys is priced at `price x this`. */
  readonly marketPriceFactor: Decimal
  /** True: an order that waits for its trigger is checked and reserves as one that rests; false: only from its trigger on. */
  readonly beforeTrigger: boolean
}

/** Margin of one leg alone (SIMULATION 1.6, 1.8). */
export interface IsolatedRules {
  /** `entry`: only what is above entry margin and reserve can be taken out. `mark`: what is above the margin at mark, and never unrealised profit. */
  readonly removable: PriceBase
  /** Decimals to which added and removed amounts are cut; null for none. */
  readonly amountPlaces: number | null
  /** Funding of an isolated leg: from its margin, or from available margin first. */
  readonly fundingFrom: 'margin' | 'available-first'
  /** Close fee in the liquidation test: at the bankruptcy price of the margin that the leg has, or of its leverage. */
  readonly closeFeeAt: 'margin' | 'leverage'
  /** True: the venue can add margin from what is available before it liquidates a leg, each time the leg's initial margin, down to a leverage of 1. Left out: it cannot. */
  readonly autoAdd?: boolean
}

/** What happens when equity no longer covers maintenance margin (SIMULATION 2.5). */
export interface LiquidationRules {
  /**
   * `net-ladder`: the net is reduced tier by tier at mark with the taker fee, then the hedged pair is closed.
   * `whole-positions`: legs are closed at mark, largest loss first, with the clearance fee. `none`: never.
   */
  readonly cross: 'net-ladder' | 'whole-positions' | 'none'
  /**
   * `ladder`: tier by tier at mark, then taken over at the bankruptcy price. `whole-position`: closed at mark with the clearance fee.
   * `candle-range`: after a candle's orders, when its range touches the level, taken over at the bankruptcy price with the usual fee on top.
   */
  readonly isolated: 'ladder' | 'whole-position' | 'candle-range' | 'none'
  /** Fraction of the closed value. */
  readonly clearanceFeeRate: Decimal
  /** Cross: `mark` runs the procedure; `bankruptcy` loses all equity at once (worst case). */
  readonly settlement: 'mark' | 'bankruptcy'
}

/** How simulated fills differ (SIMULATION 3; the compatibility rules). */
export interface ExecutionRules {
  /** Market orders slip by the larger of ticks and basis points, fired stops by basis points; always adverse, only takers. */
  readonly slippage: { readonly marketTicks: number; readonly marketBps: Decimal; readonly stopBps: Decimal }
  /** A resting limit fills when the price reaches it, or only when it goes beyond. */
  readonly limitFill: 'touch' | 'through'
  /** Market orders of a bar's close fill at that close, or at the next open. */
  readonly fillAt: 'open' | 'close'
  /** True: a candle opens at the previous close, high and low widened to include it. */
  readonly gapFix: boolean
  /** True: one fee rate, the taker's, whatever the liquidity. */
  readonly singleFee: boolean
  readonly fundingModelled: boolean
  /** Whether an order without margin is denied by an event, or ends the run. */
  readonly insufficientMargin: 'deny' | 'throw'
  /** True: the rules of declared orders, end of run and bar boundaries are those of the one-way predecessor. */
  readonly predecessor: boolean
}

/** A venue profile, read and verified. */
export interface VenueProfile {
  readonly name: string
  /** First day on which the venue worked like this, `YYYY-MM-DD`; null for a profile that is of no time. */
  readonly validFrom: string | null
  readonly settleAsset: string
  readonly money: MoneyRule
  /** Default rates; negative for a rebate. `assetDiscount` multiplies the rate when fees are paid in the venue's own asset; null where there is none. */
  readonly fees: { readonly maker: Decimal; readonly taker: Decimal; readonly assetDiscount: Decimal | null }
  readonly margin: MarginRules
  readonly orderMargin: OrderMarginRules
  readonly isolated: IsolatedRules
  readonly liquidation: LiquidationRules
  readonly execution: ExecutionRules
  /** Whether the legs of a symbol may have leverages of their own. */
  readonly leveragePerLeg: 'never' | 'isolated' | 'always'
  /** What a margin mode is set for. */
  readonly marginModeScope: 'account' | 'symbol'
  readonly tiers: ReadonlyMap<string, TierTable>
  readonly defaultTiers: TierTable
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly claims: readonly Claim[]
}

/** The same with texts in place of decimals and with records in place of maps. */
export interface VenueProfileInput {
  readonly name: string
  readonly validFrom: string | null
  readonly settleAsset: string
  readonly money: MoneyRule
  readonly fees: Texts<VenueProfile['fees']>
  readonly margin: Texts<MarginRules>
  readonly orderMargin: Texts<OrderMarginRules>
  readonly isolated: IsolatedRules
  readonly liquidation: Texts<LiquidationRules>
  readonly execution: Texts<ExecutionRules>
  readonly leveragePerLeg: VenueProfile['leveragePerLeg']
  readonly marginModeScope: VenueProfile['marginModeScope']
  readonly tiers: Readonly<Record<string, readonly TierRow[]>>
  /** Name of the table of symbols that name none. */
  readonly defaultTiers: string
  readonly instruments: readonly InstrumentInput[]
  readonly claims: readonly Claim[]
}

/** Decimals written as texts, all the way down. */
export type Texts<T> = T extends Decimal ? string : T extends object ? { readonly [Key in keyof T]: Texts<T[Key]> } : T

/** The tier table of a symbol: its own, else the profile's default. */
export function tiersOf(profile: VenueProfile, symbol: string): TierTable {
  const name = profile.instruments.get(symbol)?.tiers
  return (name === undefined || name === null ? undefined : profile.tiers.get(name)) ?? profile.defaultTiers
}
