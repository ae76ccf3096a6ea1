/** How Binance keeps accounts of USD-M perpetuals, as data. */
import { uncheckedProfile, type VenueProfile, type VenueProfileInput } from '@hedgerow/core'
import { INSTRUMENTS } from './instruments.ts'
import { TIERS_2024_10 } from './tiers.ts'

/** What it is read from. */
export const binanceInput: VenueProfileInput = {
  name: 'binance-usdm',
  validFrom: '2024-10-01',
  settleAsset: 'USDT',
  money: { places: 8, rounding: 'down' },
  fees: { maker: '0.0002', taker: '0.0005', assetDiscount: '0.9' },
  margin: {
    initialPrice: { cross: 'mark', isolated: 'mark' },
    maintenancePrice: 'mark',
    closeFeeReserve: false,
    hedged: 'both',
    hedgedCloseFeeMultiplier: '0',
    clampAvailable: true,
    isolatedProfitAvailable: false,
  },
  orderMargin: { oneWay: 'exposure', hedge: 'sum-of-legs', fees: false, orderLoss: false, openLoss: true, shortPriceFactor: '1.0015', marketPriceFactor: '1.0005', beforeTrigger: false },
  isolated: { removable: 'mark', amountPlaces: null, fundingFrom: 'margin', closeFeeAt: 'leverage' },
  liquidation: { cross: 'whole-positions', isolated: 'whole-position', clearanceFeeRate: '0.03', settlement: 'mark' },
  execution: {
    slippage: { marketTicks: 1, marketBps: '1', stopBps: '3' },
    limitFill: 'through', fillAt: 'open', gapFix: false, singleFee: false, fundingModelled: true, insufficientMargin: 'deny', predecessor: false,
  },
  leveragePerLeg: 'never',
  marginModeScope: 'symbol',
  tiers: TIERS_2024_10,
  defaultTiers: 'assumed',
  instruments: INSTRUMENTS,
  claims: [
    { about: 'money', confidence: 'O', source: 'account rows: 2.486011688 booked as 2.48601168; commissions and funding are assumed alike', checkedOn: 'unverified' },
    { about: 'fees', confidence: 'P', source: 'fee schedule of regular users; 10 % off when paid in BNB', checkedOn: 'unverified' },
    { about: 'margin.initialPrice', confidence: 'P', source: 'API documentation, position risk: initial margin required with current mark price', checkedOn: 'unverified' },
    { about: 'margin.hedged', confidence: 'P', source: 'FAQ b3c689c1…, liquidation price: both legs in full, each with its own bracket', checkedOn: 'unverified' },
    { about: 'margin.clampAvailable', confidence: 'P', source: 'FAQ 5d62f8be…, available balance', checkedOn: 'unverified' },
    { about: 'orderMargin.oneWay', confidence: 'P', source: 'FAQ 87fa7ee3…, cost of opening a position', checkedOn: 'unverified' },
    { about: 'orderMargin.hedge', confidence: 'A', source: 'openers of both legs summed; to be read from openOrderInitialMargin a leg', checkedOn: 'unverified' },
    { about: 'orderMargin.shortPriceFactor', confidence: 'P', source: 'FAQ 87fa7ee3…, assuming price of a short order', checkedOn: 'unverified' },
    { about: 'orderMargin.marketPriceFactor', confidence: 'A', source: 'assuming price of a market order', checkedOn: 'unverified' },
    { about: 'isolated.removable', confidence: 'P', source: 'FAQ 360038447311, adding and removing isolated margin', checkedOn: 'unverified' },
    { about: 'isolated.fundingFrom', confidence: 'P', source: 'API documentation, ACCOUNT_UPDATE pushes the isolated position on FUNDING_FEE', checkedOn: 'unverified' },
    { about: 'liquidation.cross', confidence: 'A', source: 'which leg is closed first is not published: largest loss, largest value, long', checkedOn: 'unverified' },
    { about: 'liquidation.clearanceFeeRate', confidence: 'O', source: 'exchange information of 2022-02-19: 0.012 for BTCUSDT, 0.03 for ETHUSDT; the larger is taken for all', checkedOn: 'unverified' },
    { about: 'execution.slippage', confidence: 'A', source: 'cautious default, not a venue fact', checkedOn: 'unverified' },
    { about: 'leveragePerLeg', confidence: 'P', source: 'API documentation, change initial leverage', checkedOn: 'unverified' },
    { about: 'marginModeScope', confidence: 'P', source: 'API documentation, change margin type', checkedOn: 'unverified' },
    { about: 'tiers', confidence: 'P', source: 'leverage brackets of October 2024, as kept by freqtrade at c9ae5e1', checkedOn: '2024-10-01' },
    { about: 'tiers.assumed', confidence: 'A', source: 'cautious default for symbols whose brackets are not on record', checkedOn: 'unverified' },
    { about: 'instruments', confidence: 'O', source: 'exchange information of 2022-02-19 and the symbol list of LEAN, checked against the prices of real candles', checkedOn: 'unverified' },
  ],
}

/** USD-M futures, single-asset mode, with the tiers of October 2024. */
export const binanceUsdm: VenueProfile = uncheckedProfile(binanceInput)
