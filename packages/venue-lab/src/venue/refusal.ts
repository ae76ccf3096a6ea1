/** A venue says no, in its own code and words. */

/** Thrown by the rules of a venue, and answered by its protocol. */
export class Refusal extends Error {}
