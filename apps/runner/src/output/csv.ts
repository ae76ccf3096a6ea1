/** CSV as RFC 4180 has it: a header, CRLF after every line, quotes around what needs them. */

/** A column: its name and its text for a row. */
export interface CsvColumn<Row> {
  readonly name: string
  readonly text: (row: Row) => string
}

/** The lines of a table with their line ends, the header first. */
export function* csvLines<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): Generator<string> {
  yield `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`
  for (const row of rows) yield `${columns.map(({ text }) => quoted(text(row))).join(',')}\r\n`
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
