/** Light and dark: the reader's choice, else the system's. */

/** Colours of the page, by the names of its custom properties. */
export interface Colours {
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly paper: string
  readonly long: string
  readonly short: string
  readonly hedged: string
  readonly up: string
  readonly down: string
  readonly good: string
  readonly bad: string
  readonly hold: string
  readonly extra: readonly string[]
}

/** As the style has them now. */
export function colours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: of('ink'), quiet: of('quiet'), line: of('line'), paper: of('paper'), long: of('long'), short: of('short'), hedged: of('hedged'), up: of('up'), down: of('down'), good: of('good'), bad: of('bad'), hold: of('hold'),
    extra: [of('extra-1'), of('extra-2'), of('extra-3'), of('extra-4')],
  }
}

/** Turns the button into a switch; `changed` is called after every change, of the system too. */
export function startTheme(button: HTMLElement | null, changed: () => void): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const isDark = (): boolean => (document.documentElement.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark'
  const show = (): void => button?.setAttribute('aria-pressed', String(isDark()))
  button?.addEventListener('click', () => {
    document.documentElement.dataset['theme'] = isDark() ? 'light' : 'dark'
    show()
    changed()
  })
  system.addEventListener('change', () => {
    if (document.documentElement.dataset['theme'] !== undefined) return
    show()
    changed()
  })
  // What is printed is light.
  matchMedia('print').addEventListener('change', changed)
  show()
}
