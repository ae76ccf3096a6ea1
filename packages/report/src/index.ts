/** A finished run, to look at. */
export {}
