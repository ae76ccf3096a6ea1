/** The simulated exchange. */
export {};
