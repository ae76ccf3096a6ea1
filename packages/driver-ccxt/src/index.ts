/** Shared glue for venues reached through ccxt. */
export { loadExchangeClass } from './ccxt-exchange.ts'
export type { CcxtExchange, CcxtExchangeClass } from './ccxt-exchange.ts'
export { allPages } from './pages.ts'
export type { Page } from './pages.ts'
export { Transport } from './transport.ts'
export type { HttpAnswer, Tap, TransportOptions, VenueRequest } from './transport.ts'
export { VenueFailure, questionError } from './venue-failure.ts'
export type { Failure, FailureKind } from './venue-failure.ts'
