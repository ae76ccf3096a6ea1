/** The entry of the `hedgerow` command. */
export {}
