/** Binance USD-M futures as data: manifest and venue profiles. */
export {}
