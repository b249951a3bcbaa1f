/** The one style sheet. Colours meet WCAG 2.2 AA contrast on both schemes. */
export const styleSheet = `:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --edge: #8a939e; --soft: #f2f4f7; --act: #0b57d0; --stop: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #16181c; --edge: #7d8590; --soft: #22262c; --act: #8ab4f8; --stop: #f2b8b5; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--soft); }
header { max-width: 34rem; margin: 0 auto; padding: 1rem 1.5rem; }
.brand { font-weight: 700; letter-spacing: .02em; }
main { overflow-wrap: break-word; max-width: 34rem; margin: 0 auto 2rem; padding: 1.5rem; background: var(--paper); border-radius: .75rem; }
footer { max-width: 34rem; margin: 0 auto 2rem; padding: 0 1.5rem; font-size: .9rem; }
address { font-style: normal; }
code { overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem; line-height: 1.3; }
h3 { margin: 0; font-size: 1rem; }
a { color: var(--act); }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input[type=text], input[type=email], input[type=search], textarea { width: 100%; padding: .625rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; }
input.code { font-family: ui-monospace, monospace; font-size: 1.5rem; letter-spacing: .15em; text-transform: uppercase; }
button, a.button { display: block; width: 100%; margin-top: .75rem; padding: .75rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 2px solid var(--act); border-radius: .5rem; background: var(--paper); color: var(--act); cursor: pointer; }
button.deny { border-color: var(--stop); color: var(--stop); }
button:focus-visible, a:focus-visible, input:focus-visible, select:focus-visible, textarea:focus-visible, summary:focus-visible, input[type=date]:focus-within { outline: 3px solid var(--act); outline-offset: 2px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: .25rem 0; padding-left: 1.25rem; }
ul.plain { margin: 0; padding: 0; list-style: none; }
ul.plain li { margin-bottom: .125rem; }
.item { margin: .75rem 0; padding: 1rem; border: 1px solid var(--edge); border-radius: .5rem; }
.item dl { margin: .5rem 0; font-size: .95rem; }
form + form { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--edge); }
select, input[type=date] { max-width: 100%; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; }
textarea { display: block; width: 100%; box-sizing: border-box; padding: .5rem .75rem; font: .9rem/1.4 ui-monospace, monospace; color: inherit; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; }
pre { margin: 0; font: .9rem/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
fieldset { margin: 1.25rem 0; padding: .5rem 1rem 1rem; border: 1px solid var(--edge); border-radius: .5rem; min-width: 0; }
legend { font-weight: 600; padding: 0 .25rem; }
.hint { display: block; margin-bottom: .25rem; }
.choice { margin: .5rem 0; }
.choice label { display: inline; font-weight: 400; }
.wide form > button, .wide p > a.button { max-width: 24rem; }
button.small { width: auto; margin: 0; padding: .25rem .75rem; border-width: 1px; white-space: nowrap; }
td code { white-space: nowrap; }
td form, .row form { margin: 0; padding: 0; border: 0; }
.row form, .row a.button { flex: 1 1 12rem; margin-top: 0; }
.problem h2 { margin: 0; font-size: 1.1rem; }
.row { display: flex; flex-wrap: wrap; gap: .75rem; }
.row button { flex: 1 1 12rem; width: auto; margin-top: 0; }
.said, .problem { border-left: .25rem solid var(--act); padding: .5rem .75rem; background: var(--soft); }
.problem { border-color: var(--stop); font-weight: 600; }
.warning > p { margin: 0 0 .5rem; }
.warning > p:last-child { margin: 0; }
.warning { margin: 1rem 0; border-left: .25rem solid var(--stop); padding: .5rem .75rem; background: var(--soft); }
.bigcode { font-family: ui-monospace, monospace; font-size: 1.5rem; letter-spacing: .15em; }
.aside { font-size: .9rem; }
.wide header, .wide main, .wide footer { max-width: 72rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
header nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
nav a[aria-current] { font-weight: 700; color: inherit; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .95rem; }
caption { text-align: left; padding: .25rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--edge); }
tbody th { font-weight: 600; }
.search { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.search > div { flex: 1 1 16rem; }
.search button { flex: 0 1 10rem; margin: 0; }
@media (max-width: 40rem) { th, td { overflow-wrap: anywhere; } button.small { white-space: normal; } .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } .wide tr, .wide td, .wide th { display: block; border: 0; padding: .125rem 0; } .wide tr { border-bottom: 1px solid var(--edge); padding: .75rem 0; } .wide td[data-label]::before { content: attr(data-label) ": "; font-weight: 600; } }
@media (max-width: 26rem) { header { padding: 1rem; } main { border-radius: 0; padding: 1rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;

/** The mark in the browser's tab: one pass, three places. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b57d0"/><circle cx="4" cy="8" r="2" fill="#fff"/><path d="M6 8h3m0 0 3-4m-3 4h3m-3 0 3 4" stroke="#fff" stroke-width="1.4" fill="none"/></svg>`;
