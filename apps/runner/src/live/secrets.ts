/** Secrets come from the environment, or from a file that nobody else may read. They are named when they are missing, and never shown. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { HedgerowError, type Driver } from '@hedgerow/core'

/** Where secrets are looked for. */
export interface SecretSource {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Absolute path of an env file; null for none. */
  readonly file: string | null
}

/** Fields of a driver's configuration that are secrets, with their values. */
export interface Secrets {
  readonly fields: Readonly<Record<string, string>>
  /** Every value, to be kept out of logs. */
  readonly values: readonly string[]
}

/**
 * Reads the secrets that a driver names; the environment beats the file.
 *
 * @throws HedgerowError `SECRET_MISSING` naming the variable, `SECRET_FILE_UNSAFE`, `CONFIG_MISSING` for a named file that does not exist.
 */
export function readSecrets({ manifest: { name }, live }: Driver, { environment, file }: SecretSource): Secrets {
  const stored = file === null ? {} : readEnvFile(file)
  const fields: Record<string, string> = {}
  for (const [field, variable] of Object.entries(live?.secrets ?? {})) {
    const value = environment[variable] ?? stored[variable]
    if (value === undefined || value === '') throw new HedgerowError('SECRET_MISSING', { where: `driver ${name}`, found: `no ${variable}`, expected: `${variable} in the environment${file === null ? ', or in the file that live.envFile names' : ` or in ${file}`}` })
    fields[field] = value
  }
  return { fields, values: Object.values(fields) }
}

function readEnvFile(file: string): Readonly<Record<string, string | undefined>> {
  if (!existsSync(file)) throw new HedgerowError('CONFIG_MISSING', { where: 'live.envFile', found: `no file ${file}`, expected: 'a file with a line NAME=value for each secret', remedy: 'Check the path; it starts at the folder of the configuration.' })
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new HedgerowError('SECRET_FILE_UNSAFE', { where: file, found: `permissions ${mode.toString(8)}`, expected: '600' })
  return parseEnv(readFileSync(file, 'utf8'))
}

/** Replaces secrets in a text, whole or as part of a longer one. */
export function redactor(values: readonly string[]): (text: string) => string {
  const long = values.filter((value) => value.length >= 4)
  return (text) => long.reduce((current, value) => current.replaceAll(value, '[secret]'), text)
}
