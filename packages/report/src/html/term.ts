/** A word with its definition, for the mouse, the keyboard and the finger. */
import { html, type Markup } from './markup.ts'

/** A label that explains itself when it is pointed at or focused. */
export function term(label: string, definition: string): Markup {
  return html`<span class="term" tabindex="0" aria-description="${definition}">${label}</span>`
}
