/** The status of a session as text for the screen. */
import { timeText, type LiveStatus } from '@hedgerow/core'
import type { Paint } from '../output/paint.ts'

/** Some lines, the most urgent first. */
export function statusText(status: LiveStatus, paint: Paint): string {
  const { venue, phase, killLevel, killCause, holds, halts, unprotected, legs, equity, wallet, dailyLoss, streams, clockOffsetMs, lastReconcile, journalEntries, openOrders, unsettledOrders } = status
  const lines: string[] = [`${venue}, ${phase}, ${timeText(Math.floor(status.at / 1000) * 1000)}`, '']
  if (killLevel !== 'running') lines.push(paint('bad', `kill switch: ${killLevel}`) + (killCause === null ? '' : ` by ${killCause.name}: ${killCause.reason}`))
  for (const leg of unprotected) lines.push(paint('bad', `without its stop: ${leg}`))
  for (const { symbol, name, reason } of halts) lines.push(`${paint('bad', 'halted')} ${symbol}, ${name}: ${reason}`)
  for (const { name, reason } of holds) lines.push(`${paint('bad', 'on hold')}, ${name}: ${reason}`)
  if (lines.length > 2) lines.push('')
  lines.push(`equity ${short(equity)}   wallet ${short(wallet)}   ${Number(dailyLoss) > 0 ? 'lost' : 'gained'} today ${short(dailyLoss.replace('-', ''))}`, '')
  for (const { symbol, leg, qty, entryPrice, stopQty, orders } of legs) {
    lines.push(`${symbol.padEnd(12)}${leg.padEnd(7)}${qty === '0' ? 'flat' : `${qty} at ${short(entryPrice ?? '?')}, stops for ${stopQty}`}`)
    for (const order of orders) lines.push(`${' '.repeat(19)}${paint('quiet', order)}`)
  }
  lines.push('', `${openOrders} orders${unsettledOrders === 0 ? '' : `, ${unsettledOrders} of them not answered`}   account heard ${age(streams.account)}   market heard ${age(streams.market)}   clock ${clockOffsetMs} ms   ${journalEntries} journal entries`)
  lines.push(lastReconcile === null ? 'not reconciled yet' : `reconciled ${timeText(Math.floor(lastReconcile.at / 1000) * 1000)}${lastReconcile.halts.length === 0 ? ', all legs agree' : `: ${lastReconcile.halts.join('; ')}`}`)
  for (const deviation of lastReconcile?.deviations ?? []) lines.push(paint('quiet', `  ${deviation}`))
  return `${lines.join('\n')}\n`
}

function short(text: string): string {
  const value = Number(text)
  return Number.isFinite(value) ? value.toFixed(2) : text
}

function age(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s ago`
}
