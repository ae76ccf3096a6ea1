/** The table of trades: sorted, filtered, a page at a time. */
import { durationText, escaped, exactText, numberText, signedText, timeText, tone } from './format.ts'
import { LEG_NAMES, type Run } from './run.ts'
import { at } from './search.ts'

const PAGE = 50

interface Column {
  readonly name: string
  readonly label: string
  readonly value: (trade: number) => number | string
  readonly cell: (trade: number) => string
  readonly tone?: (trade: number) => string
}

/** Fills the table; `jump` is called with the row of a trade. */
export function startTrades(run: Run, jump: (trade: number) => void): void {
  const table = document.querySelector<HTMLTableElement>('#trades')
  if (table !== null) new TradesTable(run, table, jump).show()
}

class TradesTable {
  readonly #run: Run
  readonly #table: HTMLTableElement
  readonly #columns: readonly Column[]
  readonly #jump: (trade: number) => void
  #sort = { name: 'id', falls: false }
  #page = 0

  constructor(run: Run, table: HTMLTableElement, jump: (trade: number) => void) {
    this.#run = run
    this.#table = table
    this.#jump = jump
    this.#columns = columnsOf(run)
    for (const select of filters()) select.addEventListener('change', () => this.#turn(0))
    document.getElementById('trades-back')?.addEventListener('click', () => this.#turn(this.#page - 1))
    document.getElementById('trades-next')?.addEventListener('click', () => this.#turn(this.#page + 1))
    table.addEventListener('click', ({ target }) => this.#act(target))
    table.addEventListener('keydown', (event) => this.#key(event))
  }

  show(): void {
    const rows = this.#rows()
    const pages = Math.max(1, Math.ceil(rows.length / PAGE))
    this.#page = Math.max(0, Math.min(pages - 1, this.#page))
    const shown = rows.slice(this.#page * PAGE, (this.#page + 1) * PAGE)
    this.#table.innerHTML = `<thead><tr>${this.#columns.map((column) => this.#header(column)).join('')}</tr></thead><tbody>${shown.map((trade) => this.#row(trade)).join('')}</tbody>`
    setText('trades-count', `${numberText(rows.length, 0)} of ${numberText(this.#run.trades.id.length, 0)} trades, net ${signedText(rows.reduce((sum, trade) => sum + at(this.#run.trades.netPnl, trade), 0))}`)
    setText('trades-page', `page ${this.#page + 1} of ${pages}`)
    const nav = document.querySelector<HTMLElement>('.pages')
    if (nav !== null) nav.hidden = pages === 1
  }

  #turn(page: number): void {
    this.#page = page
    this.show()
  }

  #rows(): number[] {
    const { trades, data } = this.#run
    const read: Readonly<Record<string, (trade: number) => string>> = {
      leg: (trade) => LEG_NAMES[at(trades.leg, trade) === 0 ? 0 : 1], strategy: (trade) => data.strategies[at(trades.strategy, trade)] ?? '',
      symbol: (trade) => data.markets[at(trades.symbol, trade)]?.symbol ?? '', reason: (trade) => data.reasons[at(trades.reason, trade)] ?? '',
    }
    const wanted = filters().flatMap(({ value, dataset }) => (value === '' ? [] : [{ value, of: read[dataset['filter'] ?? ''] }]))
    const rows = Array.from(trades.id, (_, trade) => trade).filter((trade) => wanted.every(({ value, of }) => of?.(trade) === value))
    const column = this.#columns.find(({ name }) => name === this.#sort.name)
    const sign = this.#sort.falls ? -1 : 1
    return column === undefined ? rows : rows.sort((a, b) => sign * compare(column.value(a), column.value(b)) || a - b)
  }

  #header({ name, label }: Column): string {
    const sorted = name === this.#sort.name ? (this.#sort.falls ? 'descending' : 'ascending') : 'none'
    return `<th scope="col" aria-sort="${sorted}"><button type="button" data-sort="${name}">${label}<span aria-hidden="true">${sorted === 'none' ? '' : sorted === 'ascending' ? ' ▲' : ' ▼'}</span></button></th>`
  }

  #row(trade: number): string {
    return `<tr tabindex="0" data-trade="${trade}">${this.#columns.map(({ name, cell, tone: toneOf }) => `<td data-cell="${name}" class="${toneOf?.(trade) ?? ''}">${cell(trade)}</td>`).join('')}</tr>`
  }

  #act(target: EventTarget | null): void {
    if (!(target instanceof Element)) return
    const sort = target.closest<HTMLElement>('[data-sort]')?.dataset['sort']
    const trade = target.closest<HTMLElement>('[data-trade]')?.dataset['trade']
    if (sort !== undefined) this.#sortBy(sort)
    else if (trade !== undefined) this.#open(Number(trade))
  }

  #sortBy(name: string): void {
    this.#sort = { name, falls: this.#sort.name === name && !this.#sort.falls }
    this.#turn(0)
    this.#table.querySelector<HTMLElement>(`[data-sort="${name}"]`)?.focus()
  }

  #open(trade: number): void {
    for (const row of this.#table.querySelectorAll('[data-trade]')) row.classList.toggle('chosen', row.getAttribute('data-trade') === String(trade))
    this.#jump(trade)
  }

  #key(event: KeyboardEvent): void {
    const row = event.target instanceof HTMLElement && event.target.dataset['trade'] !== undefined ? event.target : null
    if (row === null) return
    const next = event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null
    if (event.key === 'Enter' || event.key === ' ') this.#open(Number(row.dataset['trade']))
    else if (!(next instanceof HTMLElement)) return
    else next.focus()
    event.preventDefault()
  }
}

function columnsOf({ data, trades }: Run): readonly Column[] {
  const column = (name: string, label: string, values: Float64Array, text: (value: number) => string, more: Pick<Column, 'tone'> = {}): Column => ({ name, label, value: (trade) => at(values, trade), cell: (trade) => text(at(values, trade)), ...more })
  const money = (name: 'grossPnl' | 'funding' | 'netPnl' | 'mae' | 'mfe', label: string): Column => column(name, label, trades[name], (value) => signedText(value), { tone: (trade) => (name === 'netPnl' ? tone(at(trades[name], trade)) : '') })
  /** In the places of its market; an average has more, which are on the trade's card. */
  const price = (name: 'entryPrice' | 'exitPrice', label: string): Column => ({ name, label, value: (trade) => at(trades[name], trade), cell: (trade) => numberText(at(trades[name], trade), data.markets[at(trades.symbol, trade)]?.places ?? 2) })
  const held = trades.closedAt.map((closed, trade) => closed - at(trades.openedAt, trade))
  return [
    column('id', '#', trades.id, String),
    { ...named('leg', 'leg', trades.leg, LEG_NAMES), tone: (trade) => LEG_NAMES[at(trades.leg, trade) === 0 ? 0 : 1] },
    ...(data.markets.length > 1 ? [named('symbol', 'symbol', trades.symbol, data.markets.map(({ symbol }) => symbol))] : []),
    ...(data.strategies.length > 1 ? [named('strategy', 'strategy', trades.strategy, data.strategies)] : []),
    column('openedAt', 'opened', trades.openedAt, timeText), column('held', 'held', held, durationText), column('qty', 'qty', trades.qty, exactText),
    price('entryPrice', 'entry'), price('exitPrice', 'exit'),
    money('grossPnl', 'gross'), column('fees', 'fees', trades.fees, (value) => signedText(-value)), money('funding', 'funding'), money('netPnl', 'net'),
    column('percent', '%', trades.percent, (value) => numberText(value)), money('mae', 'worst'), money('mfe', 'best'), named('reason', 'exit by', trades.reason, data.reasons),
  ]
}

function named(name: string, label: string, values: Float64Array, names: readonly string[]): Column {
  const text = (trade: number): string => names[at(values, trade)] ?? ''
  return { name, label, value: text, cell: (trade) => escaped(text(trade)) }
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function filters(): HTMLSelectElement[] {
  return [...document.querySelectorAll<HTMLSelectElement>('[data-filter]')]
}

function setText(id: string, text: string): void {
  const element = document.getElementById(id)
  if (element !== null) element.textContent = text
}
