/** What a strategy author imports. */
export {}
