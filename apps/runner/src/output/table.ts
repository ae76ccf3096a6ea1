/** A table of texts: labels to the left, cells aligned to the right. */

/** A cell, and how it is coloured once it has been aligned. */
export interface Cell {
  readonly text: string
  readonly paint?: (aligned: string) => string
}

/** A label and its cells, a rule across the table, or an empty line. */
export type TableRow = { readonly label: string; readonly cells: readonly Cell[] } | 'rule' | 'gap'

/** Widths in characters. */
export interface TableWidths {
  readonly label: number
  readonly cell: number
}

/** The lines of a table. A cell that is wider than its column keeps one space before it. */
export function tableLines(rows: readonly TableRow[], { label, cell }: TableWidths): string[] {
  const columns = Math.max(0, ...rows.map((row) => (typeof row === 'string' ? 0 : row.cells.length)))
  return rows.map((row) => {
    if (row === 'gap') return ''
    if (row === 'rule') return '─'.repeat(label + columns * cell)
    const cells = row.cells.map(({ text, paint }) => {
      const aligned = ` ${text}`.padStart(cell)
      return paint === undefined ? aligned : paint(aligned)
    })
    return `${row.label.padEnd(label)}${cells.join('')}`.trimEnd()
  })
}
