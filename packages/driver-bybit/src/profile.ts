/**
 * How Bybit keeps accounts of USDT perpetuals, as data. `bybit-uta` holds since 2025-09-02, when margins moved to the mark price;
 * `bybit-legacy` is for backtests of the time before.
 */
import { uncheckedProfile, type VenueProfile, type VenueProfileInput } from '@hedgerow/core'
import { INSTRUMENTS } from './instruments.ts'
import { TIERS } from './tiers.ts'

export const utaInput: VenueProfileInput = {
  name: 'bybit-uta',
  validFrom: '2025-09-02',
  settleAsset: 'USDT',
  money: { places: 8, rounding: 'half-up' },
  fees: { maker: '0.0002', taker: '0.00055', assetDiscount: null },
  margin: {
    initialPrice: { cross: 'mark', isolated: 'entry' },
    maintenancePrice: 'mark',
    closeFeeReserve: true,
    hedged: 'net',
    hedgedCloseFeeMultiplier: '2',
    clampAvailable: false,
    isolatedProfitAvailable: false,
  },
  orderMargin: { oneWay: 'beyond-position', hedge: 'sum-of-orders', fees: true, orderLoss: true, openLoss: false, shortPriceFactor: null, marketPriceFactor: '1', beforeTrigger: false },
  isolated: { removable: 'entry', amountPlaces: 4, fundingFrom: 'available-first', closeFeeAt: 'margin', autoAdd: true },
  liquidation: { cross: 'net-ladder', isolated: 'ladder', clearanceFeeRate: '0', settlement: 'mark' },
  execution: {
    slippage: { marketTicks: 1, marketBps: '1', stopBps: '3' },
    limitFill: 'through', fillAt: 'open', gapFix: false, singleFee: false, fundingModelled: true, insufficientMargin: 'deny', predecessor: false,
  },
  leveragePerLeg: 'isolated',
  marginModeScope: 'account',
  tiers: TIERS,
  defaultTiers: 'assumed',
  instruments: INSTRUMENTS,
  claims: [
    { about: 'money', confidence: 'O', source: 'account rows of 2023: 0.061737225 booked as 0.06173723, average price 1194.975166… as …67', checkedOn: 'unverified' },
    { about: 'fees', confidence: 'P', source: 'help centre, fee rates of non-VIP accounts', checkedOn: 'unverified' },
    { about: 'margin.initialPrice', confidence: 'P', source: 'help centre, New Margin Calculation (2025-09-18); agrees with an account row of 2025-11-03', checkedOn: 'unverified' },
    { about: 'margin.maintenancePrice', confidence: 'P', source: 'help centre, New Margin Calculation (2025-09-18); agrees with an account row of 2025-11-03', checkedOn: 'unverified' },
    { about: 'margin.closeFeeReserve', confidence: 'O', source: 'account row of 2025-11-03: entry-based close fee inside both margins', checkedOn: 'unverified' },
    { about: 'margin.hedged', confidence: 'P', source: 'help centre: only the net long or net short position may be liquidated; account row of 2023-11-21', checkedOn: 'unverified' },
    { about: 'margin.hedgedCloseFeeMultiplier', confidence: 'A', source: 'one account row of 2023-11-21 equals two close fees to the eighth decimal; one is the textbook reading', checkedOn: 'unverified' },
    { about: 'margin.clampAvailable', confidence: 'P', source: 'API documentation, wallet-balance', checkedOn: '2026-07-24' },
    { about: 'orderMargin.oneWay', confidence: 'P', source: 'help centre, UTA trading rules', checkedOn: 'unverified' },
    { about: 'orderMargin.hedge', confidence: 'A', source: 'openers of both legs summed; to be read from totalOrderIM on a demo account', checkedOn: 'unverified' },
    { about: 'orderMargin.orderLoss', confidence: 'P', source: 'help centre, UTA glossary; its sign is derived', checkedOn: 'unverified' },
    { about: 'orderMargin.marketPriceFactor', confidence: 'A', source: 'a market order is priced at the book', checkedOn: 'unverified' },
    { about: 'isolated.removable', confidence: 'A', source: 'endpoint add-or-reduce margin is documented, its limit is not', checkedOn: '2026-07-24' },
    { about: 'isolated.fundingFrom', confidence: 'P', source: 'help centre, funding fee calculation', checkedOn: 'unverified' },
    { about: 'isolated.autoAdd', confidence: 'P', source: 'help centre, Auto-Margin Replenishment (2023-12-04)', checkedOn: 'unverified' },
    { about: 'isolated.closeFeeAt', confidence: 'D', source: 'the published liquidation price follows from the fee at the bankruptcy price of the actual margin', checkedOn: 'unverified' },
    { about: 'liquidation.cross', confidence: 'P', source: 'help centre, liquidation process: net side, tier by tier; the order of symbols is assumed', checkedOn: 'unverified' },
    { about: 'liquidation.isolated', confidence: 'P', source: 'help centre, liquidation process', checkedOn: 'unverified' },
    { about: 'liquidation.settlement', confidence: 'A', source: 'takeover price of a cross account is not published', checkedOn: 'unverified' },
    { about: 'execution.slippage', confidence: 'A', source: 'cautious default, not a venue fact', checkedOn: 'unverified' },
    { about: 'leveragePerLeg', confidence: 'P', source: 'API documentation, set-leverage', checkedOn: '2026-07-24' },
    { about: 'marginModeScope', confidence: 'P', source: 'API documentation, set-margin-mode', checkedOn: '2026-07-24' },
    { about: 'tiers.btcusdt-2026-08', confidence: 'P', source: 'published risk limits of August 2026', checkedOn: '2026-08-01' },
    { about: 'tiers.ethusdt-assumed', confidence: 'A', source: 'first rate from an account row of 2025-11-03, the rest is assumed', checkedOn: 'unverified' },
    { about: 'tiers.assumed', confidence: 'A', source: 'cautious default for symbols whose risk limits are not on record', checkedOn: 'unverified' },
    { about: 'instruments', confidence: 'O', source: 'symbol list of LEAN, checked against the prices of real candles', checkedOn: 'unverified' },
  ],
}

/** Both margins from the entry price, the close fee at the bankruptcy price of the leverage. */
export const legacyInput: VenueProfileInput = {
  ...utaInput,
  name: 'bybit-legacy',
  validFrom: null,
  margin: { ...utaInput.margin, initialPrice: { cross: 'entry', isolated: 'entry' }, maintenancePrice: 'entry' },
  isolated: { ...utaInput.isolated, closeFeeAt: 'leverage' },
}

/** Unified trading account since 2025-09-02. */
export const bybitUta: VenueProfile = uncheckedProfile(utaInput)

/** Before 2025-09-02. */
export const bybitLegacy: VenueProfile = uncheckedProfile(legacyInput)
