/** A symbol as Bybit describes it. */
import { decimalText, type Instrument, type TierTable, type TimeMs } from '@hedgerow/core'
import { COIN } from './terms.ts'

const MINUTE_MS = 60_000
/** Where the venue names no largest order, something that no order reaches. */
const NO_LIMIT = '1000000000'

/** A row of `market/instruments-info`. */
export function instrumentRow(instrument: Instrument, tiers: TierTable, launchedAt: TimeMs): Readonly<Record<string, unknown>> {
  const { symbol, tickSize, qtyStep, minQty, maxQty, maxMarketQty, minNotional, fundingIntervalMs } = instrument
  return {
    symbol, contractType: 'LinearPerpetual', status: 'Trading', baseCoin: symbol.endsWith(COIN) ? symbol.slice(0, -COIN.length) : symbol, quoteCoin: COIN, launchTime: String(launchedAt), deliveryTime: '0',
    deliveryFeeRate: '', priceScale: String(tickSize.decimalPlaces()),
    leverageFilter: { minLeverage: '1', maxLeverage: decimalText(tiers.tiers[0].maxLeverage), leverageStep: '0.01' },
    priceFilter: { minPrice: decimalText(tickSize), maxPrice: '1999999.8', tickSize: decimalText(tickSize) },
    lotSizeFilter: {
      maxOrderQty: maxQty === null ? NO_LIMIT : decimalText(maxQty), minOrderQty: decimalText(minQty), qtyStep: decimalText(qtyStep), postOnlyMaxOrderQty: maxQty === null ? NO_LIMIT : decimalText(maxQty),
      maxMktOrderQty: maxMarketQty === null ? NO_LIMIT : decimalText(maxMarketQty), minNotionalValue: decimalText(minNotional),
    },
    unifiedMarginTrade: true, fundingInterval: fundingIntervalMs / MINUTE_MS, settleCoin: COIN, copyTrading: 'none', upperFundingRate: '0.005', lowerFundingRate: '-0.005', isPreListing: false, preListingInfo: null,
    riskParameters: { priceLimitRatioX: '0.05', priceLimitRatioY: '0.1' }, displayName: '',
  }
}
