/** Buttons that turn curves on and off. */

/** One button. */
export interface Switch {
  readonly label: string
  readonly color: string
  readonly isOn: boolean
  readonly turn: (isOn: boolean) => void
}

/** Puts the buttons into a bar, in place of those that were there. */
export function startSwitches(bar: HTMLElement | null, switches: readonly Switch[]): void {
  bar?.replaceChildren(...switches.map(({ label, color, isOn, turn }) => {
    const button = document.createElement('button')
    button.type = 'button'
    button.setAttribute('aria-pressed', String(isOn))
    const swatch = document.createElement('i')
    swatch.style.background = color
    button.append(swatch, label)
    button.addEventListener('click', () => {
      const now = button.getAttribute('aria-pressed') !== 'true'
      button.setAttribute('aria-pressed', String(now))
      turn(now)
    })
    return button
  }))
}
