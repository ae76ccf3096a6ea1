/** Shared glue for venues reached through ccxt. */
export {}
