/** Bybit as data: manifest and venue profiles. */
export {}
