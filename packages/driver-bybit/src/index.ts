/** Bybit as data: what the driver declares. */
export { bybitLegacy, bybitUta } from './profile.ts'
