/** The simulated exchange. */
export {}
