/** A venue without rounding, slippage or offsets: for unit tests, and for symbols of no venue in particular. */
import { uncheckedProfile, type VenueProfile, type VenueProfileInput } from '@hedgerow/core'

/** The rules of `exact`, which other profiles start from. */
export const exactInput: VenueProfileInput = {
  name: 'exact',
  validFrom: null,
  settleAsset: 'USDT',
  money: { places: null, rounding: 'down' },
  fees: { maker: '0.0002', taker: '0.0005', assetDiscount: null },
  margin: {
    initialPrice: { cross: 'mark', isolated: 'entry' },
    maintenancePrice: 'mark',
    closeFeeReserve: false,
    hedged: 'both',
    hedgedCloseFeeMultiplier: '0',
    clampAvailable: false,
    isolatedProfitAvailable: false,
  },
  orderMargin: { oneWay: 'larger-side', hedge: 'sum-of-legs', fees: false, orderLoss: false, openLoss: false, shortPriceFactor: null, marketPriceFactor: '1', beforeTrigger: false },
  isolated: { removable: 'mark', amountPlaces: null, fundingFrom: 'margin', closeFeeAt: 'leverage', autoAdd: true },
  liquidation: { cross: 'whole-positions', isolated: 'whole-position', clearanceFeeRate: '0', settlement: 'mark' },
  execution: {
    slippage: { marketTicks: 0, marketBps: '0', stopBps: '0' },
    limitFill: 'through', fillAt: 'open', gapFix: false, singleFee: false, fundingModelled: true, insufficientMargin: 'deny', predecessor: false,
  },
  leveragePerLeg: 'always',
  marginModeScope: 'account',
  tiers: { flat: [['1000000000000', '0.005', '0', '100']] },
  defaultTiers: 'flat',
  instruments: [],
  claims: [],
}

/** Full margin on both legs, 0.5 % maintenance margin at any size, liquidation at mark without a fee. */
export const exact: VenueProfile = uncheckedProfile(exactInput)
