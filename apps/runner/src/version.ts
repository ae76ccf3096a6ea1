/** The version of the runner: part of every result. */
import { readFileSync } from 'node:fs'

/** As in package.json. */
export const VERSION: string = versionIn(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

function versionIn(manifest: unknown): string {
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
}
