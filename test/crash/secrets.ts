/** Looks for what nobody may read in whatever a session leaves behind. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A signature is an HMAC-SHA256: 64 hexadecimal digits, which nothing else here is. */
const SIGNATURE = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i

/** Key, secret or a signature in texts and in every file below a folder, byte by byte; each with its place. */
export function leaksIn(folder: string, texts: readonly string[], { key, secret }: { readonly key: string; readonly secret: string }): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  const places = [...files.map((file) => [file, readFileSync(file, 'latin1')] as const), ...texts.map((text, index) => [`text ${index + 1}`, text] as const)]
  return places.flatMap(([place, text]) => [
    ...(text.includes(key) ? [`the key in ${place}`] : []), ...(text.includes(secret) ? [`the secret in ${place}`] : []), ...(SIGNATURE.test(text) ? [`a signature in ${place}`] : []),
  ])
}
