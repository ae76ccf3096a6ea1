/** The document around a page: everything that it needs is in it, and nothing in it may load anything. */
import { html, Markup } from './markup.ts'
import type { PageAssets } from './page-assets.ts'

/** Data and packed numbers for the browser code, as two script elements that do not run. */
export function payloadMarkup(data: object, block: Uint8Array): Markup {
  return new Markup(`<script type="application/json" id="data">${JSON.stringify(data).replaceAll('<', String.raw`\u003c`)}</script><script type="application/octet-stream;base64" id="block">${Buffer.from(block).toString('base64')}</script>`)
}

/** A whole document around a body. */
export function documentText({ title, body, assets: { style, script } }: { readonly title: string; readonly body: Markup; readonly assets: PageAssets }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title} · Hedgerow</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${body}
</main>
<footer><p>Made by Hedgerow. Charts: TradingView Lightweight Charts™, Copyright (c) 2026 <a href="https://www.tradingview.com/" rel="noreferrer">TradingView, Inc.</a>, Apache License 2.0.</p></footer>
<script>${new Markup(script.replaceAll('</script', String.raw`<\/script`))}</script>
</body>
</html>
`.text
}
