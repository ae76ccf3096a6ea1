/** Compression of Parquet pages by what Node has built in. */
import { brotliDecompressSync, constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Compressors } from 'hyparquet'

/** Higher levels cost much time for little space. */
const ZSTD_LEVEL = 9

/** Codecs that can be read; Snappy and uncompressed pages need nothing here. */
export const READABLE_CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY', 'ZSTD', 'GZIP', 'BROTLI']

/** Unpacks pages. */
export const DECOMPRESSORS: Compressors = { ZSTD: (page) => zstdDecompressSync(page), GZIP: (page) => gunzipSync(page), BROTLI: (page) => brotliDecompressSync(page) }

/** Packs pages. */
export const COMPRESSORS: Readonly<Record<'ZSTD', (page: Uint8Array) => Uint8Array>> = {
  ZSTD: (page) => zstdCompressSync(page, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }),
}
