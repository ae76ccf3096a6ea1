/** What is said of a fill or a trade when it is pointed at. */
import { FILL_KINDS } from '../shared/page-data.ts'
import { durationText, escaped, exactText, numberText, signedText, timeText, tone } from './format.ts'
import { LEG_NAMES, type Run } from './run.ts'
import { at } from './search.ts'

/** A fill: its leg, its order, its trade. Figures are exact. */
export function fillCard({ data, fills, orders, trades }: Run, fill: number): string {
  const leg = LEG_NAMES[at(fills.leg, fill) === 0 ? 0 : 1]
  const order = at(fills.order, fill)
  const trade = at(fills.trade, fill)
  const rows: readonly (readonly [label: string, text: string, figure?: string])[] = [
    ['price', exactText(at(fills.price, fill)), 'price'], ['qty', exactText(at(fills.qty, fill)), 'qty'],
    ['fee', `${exactText(at(fills.fee, fill))} (${at(fills.maker, fill) === 1 ? 'maker' : 'taker'})`, 'fee'],
    ...(order < 0 ? [['order', "none: the venue's own"] as const] : orderRows({ data, orders }, order)),
    ...(trade < 0 ? [['trade', 'open at the end'] as const] : [['trade', `#${at(trades.id, trade)}, net ${signedText(at(trades.netPnl, trade))}`, 'trade'] as const]),
  ]
  return card(`<b class="${leg}">${leg} ${FILL_KINDS[at(fills.kind, fill)] ?? ''}</b> ${escaped(data.markets[at(fills.symbol, fill)]?.symbol ?? '')}<br><time>${timeText(at(fills.at, fill))}</time>`, rows)
}

function orderRows({ data, orders }: Pick<Run, 'data' | 'orders'>, order: number): (readonly [label: string, text: string, figure?: string])[] {
  const [price, trigger, tag] = [at(orders.price, order), at(orders.trigger, order), at(orders.tag, order)]
  return [
    ['order', `#${at(orders.id, order)} ${data.orderTypes[at(orders.type, order)] ?? ''}`, 'order'],
    ...(Number.isFinite(price) ? [['limit', exactText(price), 'limit'] as const] : []),
    ...(Number.isFinite(trigger) ? [['trigger', exactText(trigger), 'trigger'] as const] : []),
    ...(tag >= 0 ? [['tag', data.tags[tag] ?? ''] as const] : []),
    ['sent', timeText(at(orders.createdAt, order))],
  ]
}

/** A trade from its first fill to its last. */
export function tradeCard({ data, trades }: Run, trade: number): string {
  const leg = LEG_NAMES[at(trades.leg, trade) === 0 ? 0 : 1]
  const money = (name: 'netPnl' | 'grossPnl' | 'fees' | 'funding' | 'mae' | 'mfe'): number => at(trades[name], trade)
  return card(`<b class="${leg}">${leg} trade #${at(trades.id, trade)}</b> ${escaped(data.markets[at(trades.symbol, trade)]?.symbol ?? '')}<br><span>${escaped(data.reasons[at(trades.reason, trade)] ?? '')}</span>`, [
    ['opened', timeText(at(trades.openedAt, trade))], ['held', durationText(at(trades.closedAt, trade) - at(trades.openedAt, trade))], ['qty', exactText(at(trades.qty, trade))],
    ['entry', numberText(at(trades.entryPrice, trade), 4)], ['exit', numberText(at(trades.exitPrice, trade), 4)], ['gross', signedText(money('grossPnl'))], ['fees', signedText(-money('fees'))],
    ['funding', signedText(money('funding'))], ['net', `<b class="${tone(money('netPnl'))}">${signedText(money('netPnl'))}</b>`], ['worst', signedText(money('mae'))], ['best', signedText(money('mfe'))],
  ])
}

function card(title: string, rows: readonly (readonly [label: string, text: string, figure?: string])[]): string {
  return `<p>${title}</p><dl>${rows.map(([label, text, figure]) => `<dt>${label}</dt><dd${figure === undefined ? '' : ` data-hover="${figure}"`}>${text}</dd>`).join('')}</dl>`
}
