/** Command line options made from the table of configuration keys. */
import { Option } from 'commander'
import type { ConfigKey, KeyFlag } from '../config/keys.ts'

/** The option that sets a key. */
export function optionOf(key: Omit<ConfigKey, 'flag'>, { flags, group, meaning, reads }: KeyFlag): Option {
  const fallback = key.default === null || reads === 'list' ? '' : ` (default: ${key.default.replaceAll("'", '')})`
  const option = new Option(flags, `${meaning ?? lowerFirst(key.meaning)}${fallback}`).helpGroup(`${group}:`)
  if (reads === 'list') option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text])
  return option
}

/** As Node decides about colours: by the environment. */
export function withoutColour(): void {
  delete process.env['FORCE_COLOR']
  process.env['NO_COLOR'] = '1'
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`.replace(/\.$/, '')
}
