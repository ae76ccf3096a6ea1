/** The runner as a library. */
export {}
