/** Colours of a picture: those of the page, light and dark. */

/** By what they are for. */
export interface Palette {
  readonly paper: string
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly long: string
  readonly short: string
  readonly hedged: string
  readonly candle: string
  readonly good: string
  readonly bad: string
  readonly others: readonly string[]
}

/** How a picture looks. */
export type Theme = 'light' | 'dark'

/** By theme. */
export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: { paper: '#ffffff', ink: '#1b2330', quiet: '#667085', line: '#e4e7ec', long: '#1f6feb', short: '#d9660a', hedged: '#8b5cf6', candle: '#98a2b3', good: '#067647', bad: '#c4271b', others: ['#0b7a6e', '#b4379f', '#8a6d1f', '#475467', '#7a5af8'] },
  dark: { paper: '#151a22', ink: '#e6e9ef', quiet: '#98a2b3', line: '#262d38', long: '#5aa2ff', short: '#ff9d4d', hedged: '#a78bfa', candle: '#667085', good: '#47cd89', bad: '#ff7a6b', others: ['#2ed3b7', '#ee7bd8', '#d3b455', '#b8c0cc', '#a99cff'] },
}
