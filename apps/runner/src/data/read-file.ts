/** Reads the bytes of a data file, unpacked. */
import { readFile } from 'node:fs'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { HedgerowError } from '@hedgerow/core'

/** How the archives begin that exchanges offer for download. */
const ZIP = 'PK\u0003\u0004'
const unpack = promisify(gunzip)
const read = promisify(readFile)

/**
 * The content of a file; gzip is recognised by its first bytes, whatever the name.
 *
 * @throws HedgerowError `DATA_FILE_MISSING`, `DATA_INVALID` for a damaged archive, or one that has to be unpacked first.
 */
export async function readDataFile(path: string): Promise<Uint8Array> {
  const bytes = await readBytes(path)
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return await gunzipped(path, bytes)
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') === ZIP) throw new HedgerowError('DATA_INVALID', { where: path, found: 'a zip archive', expected: 'csv, csv.gz or Parquet', remedy: `Unpack it first: unzip ${path}` })
  if (path.endsWith('.gz') && bytes.length > 0) throw damaged(path, 'no gzip archive')
  return bytes
}

/** True for the content of a Parquet file. */
export function isParquet(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1'
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await read(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    const found = code === 'ENOENT' ? `nothing at ${path}` : code === 'EISDIR' ? `a folder at ${path}` : `${path}, which cannot be read (${code})`
    throw new HedgerowError('DATA_FILE_MISSING', { where: path, found, expected: 'a csv, csv.gz or Parquet file', cause })
  }
}

async function gunzipped(path: string, bytes: Buffer): Promise<Uint8Array> {
  try {
    return await unpack(bytes)
  } catch (cause) {
    throw damaged(path, `a gzip archive that ends early or is damaged (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
}

function damaged(path: string, found: string, cause?: unknown): HedgerowError {
  return new HedgerowError('DATA_INVALID', { where: path, found, expected: 'a complete gzip archive', remedy: 'Copy or download the file again.', cause })
}
