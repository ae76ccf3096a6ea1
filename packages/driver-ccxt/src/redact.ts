/** Takes secrets out of texts that come from outside: a venue may quote what it was sent. */

/** Shorter texts would take ordinary words out. */
const SHORTEST_SECRET = 6

/** A function that replaces every occurrence of the secrets. */
export function redactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const found = secrets.filter((secret): secret is string => secret !== undefined && secret.length >= SHORTEST_SECRET)
  return (text) => found.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text)
}
