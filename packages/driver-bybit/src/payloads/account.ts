/** The key and the account, as `user/query-api` and `account/info` show them. */
import type { AccountReport, MarginMode } from '@hedgerow/core'
import { z } from '@hedgerow/core/zod'

/** Kinds of account by the venue's number. */
const KINDS: Readonly<Record<number, string>> = { 1: 'classic', 3: 'unified 1.0', 4: 'unified 1.0 pro', 5: 'unified 2.0', 6: 'unified 2.0 pro' }

const MARGIN_MODES = { REGULAR_MARGIN: 'cross', ISOLATED_MARGIN: 'isolated' } as const

/** The venue's word for a margin mode. */
export const MARGIN_WORDS: Readonly<Record<MarginMode, string>> = { cross: 'REGULAR_MARGIN', isolated: 'ISOLATED_MARGIN' }

/** What concerns the whole account. */
export interface AccountInfo {
  readonly marginMode: MarginMode
  readonly kind: string
}

/** Reads `account/info`. Portfolio margin, which is neither cross nor isolated, is an error. */
export const accountInfo: z.ZodType<AccountInfo> = z.object({ marginMode: z.enum(['REGULAR_MARGIN', 'ISOLATED_MARGIN']), unifiedMarginStatus: z.int() })
  .transform(({ marginMode, unifiedMarginStatus }) => ({ marginMode: MARGIN_MODES[marginMode], kind: KINDS[unifiedMarginStatus] ?? `status ${unifiedMarginStatus}` }))

const key = z.object({
  readOnly: z.int(),
  permissions: z.record(z.string(), z.array(z.string()).nullable()),
  ips: z.array(z.string()).nullish(),
  expiredAt: z.string().nullish(),
})

/** Reads `user/query-api`. The kind of account is asked for elsewhere. */
export function accountReport(kind: string): z.ZodType<AccountReport> {
  return key.transform(({ readOnly, permissions, ips, expiredAt }): AccountReport => {
    const expiresAt = Date.parse(expiredAt ?? '')
    const contracts = permissions['ContractTrade']
    return {
      mayTrade: contracts === undefined ? null : readOnly === 0 && (contracts?.includes('Order') ?? false),
      mayWithdraw: Object.values(permissions).some((names) => names?.some((name) => name.toLowerCase().startsWith('withdraw')) ?? false),
      addressBound: ips === null || ips === undefined ? null : ips.length > 0 && !ips.includes('*'),
      // Keys that are bound to an address do not expire; their date is the epoch.
      expiresAt: Number.isFinite(expiresAt) && expiresAt > 0 ? expiresAt : null,
      kind,
    }
  })
}
