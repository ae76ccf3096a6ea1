/** Binance USD-M futures as data: what the driver declares. */
export { binanceUsdm } from './profile.ts'
