import { REVIEW_STATES } from '../../model/report/status.ts';
import { WORLD } from './world-map.ts';

/** The colours of the report's style sheet, in the light and in the dark scheme. */
const COLOURS: readonly (readonly [name: string, light: string, dark: string])[] = [
  ['page', '#f7f7f5', '#131619'],
  ['card', '#ffffff', '#1b1f23'],
  ['ink', '#1d2125', '#e7e9ec'],
  ['soft', '#59616b', '#a0a8b1'],
  ['line', '#dfe1e4', '#30363c'],
  ['blank', '#ecedef', '#22272c'],
  ['link', '#1b5a9e', '#8ab9ee'],
  ['approved-ink', '#0f6637', '#a5e6bf'],
  ['approved-fill', '#d6efdf', '#173d28'],
  ['approved-bar', '#54b37c', '#3f9a66'],
  ['under-review-ink', '#1a5494', '#aed3fb'],
  ['under-review-fill', '#d9e8f9', '#18365a'],
  ['under-review-bar', '#5b97d6', '#4b86c4'],
  ['open-ink', '#4b535c', '#c3cad1'],
  ['open-fill', '#e8eaed', '#2d333a'],
  ['open-bar', '#9aa2ac', '#6c7580'],
  ['expiring-ink', '#7d4b00', '#f9d68a'],
  ['expiring-fill', '#fce9bf', '#4a3407'],
  ['expiring-bar', '#e2a52d', '#bb8a2a'],
  ['expired-ink', '#9a1f2b', '#ffbcc0'],
  ['expired-fill', '#fadadb', '#561d24'],
  ['expired-bar', '#b3202f', '#e0626d'],
  ['needs-work-ink', '#9a1f2b', '#ffbcc0'],
  ['needs-work-fill', '#fadadb', '#561d24'],
  ['needs-work-bar', '#d65c66', '#bf545e'],
  ['unknown-ink', '#663a96', '#dcc3f7'],
  ['unknown-fill', '#eadff6', '#3d2757'],
  ['unknown-bar', '#9a76c4', '#8663b0'],
];

export const LIGHT = Object.fromEntries(COLOURS.map(([name, light]) => [name, light]));
export const DARK = Object.fromEntries(COLOURS.map(([name, , dark]) => [name, dark]));

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');
}

const REVIEW_STATE_RULES = REVIEW_STATES.map(
  (name) => `.is-${name}{--tint:var(--${name}-ink);--fill:var(--${name}-fill);--bar:var(--${name}-bar)}`,
).join('\n');

/** Returns rules that place tiles on the map by class, because the page forbids style attributes. */
function places(): string {
  const columns = Math.max(...WORLD.map((region) => region.columns));
  const rows = Math.max(...WORLD.map((region) => region.rows)) + 4;
  const count = (number: number) => Array.from({ length: number }, (_, index) => index + 1);
  return [
    ...count(columns).map((column) => `.x${column}{grid-column:${column}}`),
    ...count(rows).map((row) => `.y${row}{grid-row:${row}}`),
    ...count(columns).map((number) => `.columns-${number}{--columns:${number}}`),
  ].join('\n');
}

export const REPORT_STYLE = `
:root{color-scheme:light dark;${variables(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
html{scroll-behavior:smooth;-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:66rem;padding:2rem clamp(1rem,4vw,2.5rem) 3rem;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
h1,h2,h3,p,ul,figure,blockquote{margin:0}
ul{padding:0;list-style:none}
h1{font-size:clamp(1.6rem,5vw,2.3rem);line-height:1.15;letter-spacing:-.02em;font-weight:650;text-wrap:balance;margin:.2rem 0 .4rem}
h2{font-size:1.25rem;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin-bottom:.9rem}
h3{font-size:1rem;line-height:1.4;font-weight:650}
header p{color:var(--soft)}
.scope,small,.hint,.for,caption,figcaption,footer{font-size:.8125rem;color:var(--soft)}
.scope b{color:var(--ink)}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
small,caption,time{font-weight:400}
time{white-space:nowrap;font-variant-numeric:tabular-nums}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
section{margin-top:2.75rem}
.count{display:inline-block;min-width:1.6em;padding:0 .45em;border-radius:1em;background:var(--blank);color:var(--soft);font-size:.8em;font-weight:600;text-align:center;letter-spacing:0}
.calm{color:var(--soft)}
.icons{position:absolute;width:0;height:0}
.icon{width:1em;height:1em;flex:none;vertical-align:-.125em;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
${REVIEW_STATE_RULES}
.summary{display:flex;flex-wrap:wrap;gap:.5rem;margin-top:1.25rem}
.summary li{display:flex;align-items:center;gap:.45rem;padding:.4rem .8rem;border-radius:.6rem;background:var(--fill);color:var(--tint);font-size:.9375rem}
.summary b{font-size:1.15rem;font-variant-numeric:tabular-nums}
.summary .none{background:none;color:var(--soft);box-shadow:inset 0 0 0 1px var(--line)}
.chip{display:inline-flex;align-items:center;gap:.3em;padding:.05em .55em .05em .4em;border-radius:1em;background:var(--fill);color:var(--tint);font-size:.8125rem;font-weight:500;line-height:1.5}
.matters{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,27rem),1fr))}
details>.matters{margin-top:.75rem}
.matter{padding:.9rem 1.1rem 1rem;border-radius:.7rem;background:var(--card);border:1px solid var(--line);border-inline-start:4px solid var(--bar,var(--line))}
.matter h3{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .6rem}
.matter ul{margin-top:.5rem;font-size:.9375rem}
.matter li+li{margin-top:.25rem}
.matter li code{color:var(--soft)}
.matter figure{margin-top:.7rem;padding-inline-start:.8rem;border-inline-start:2px solid var(--line)}
.matter blockquote{font-size:.9375rem}
.matter blockquote::before{content:"“"}
.matter blockquote::after{content:"”"}
.hint{margin-bottom:1rem;max-width:44rem}
.world{display:flex;flex-wrap:wrap;gap:1.5rem 2.5rem}
.region{--tile:2.9rem;flex:0 1 auto;width:calc(var(--columns)*var(--tile))}
.region figcaption{margin-bottom:.4rem}
.region ul{display:grid;grid-template-columns:repeat(var(--columns),minmax(0,1fr));gap:3px}
.region li{aspect-ratio:1;display:grid;min-width:0}
.blank{place-items:center;border-radius:5px;background:var(--blank);color:var(--soft);font-size:.625rem}
.tile{display:grid;place-content:center;justify-items:center;gap:1px;border-radius:5px;background:var(--fill);color:var(--tint);text-decoration:none;line-height:1.05;box-shadow:inset 0 0 0 1.5px var(--bar)}
.tile b{font-size:.8125rem}
.tile .icon{width:.6875rem;height:.6875rem;stroke-width:2.4}
.tile span{font-size:.625rem;font-variant-numeric:tabular-nums}
.tile:hover{box-shadow:inset 0 0 0 2.5px var(--tint)}
${places()}
.chart{display:block;width:100%;overflow:visible}
.chart text{fill:var(--soft);font-size:11px;text-anchor:middle;font-variant-numeric:tabular-nums}
.chart .number{fill:var(--ink);font-weight:600}
.chart .year{font-weight:600}
.chart rect{fill:var(--bar)}
.axis{stroke:var(--line)}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
caption{text-align:start;padding:.4rem 0}
th,td{padding:.45rem .75rem .45rem 0;border-top:1px solid var(--line);text-align:start;vertical-align:top;font-weight:400}
th:last-child,td:last-child{padding-inline-end:0}
thead th{border:0;padding-block:0 .25rem;color:var(--soft);font-size:.75rem}
td small,th small{display:block}
td code,th code{display:inline-block}
time+small{display:inline;white-space:nowrap}
.expiries{margin-top:1.25rem}
.expiries th[scope=row]{width:45%}
.expiries th .chip{margin-inline-start:.25rem}
td .chip{margin-block:.05rem}
details>summary{cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:.45em;height:.45em;border:solid var(--soft);border-width:0 1.5px 1.5px 0;transform:rotate(-45deg);margin-inline-end:.15em}
details[open]>summary::before{transform:rotate(45deg) translate(-2px,-1px)}
#attention summary{display:inline-flex;align-items:center;gap:.5rem;margin-top:.75rem;color:var(--link)}
.country{border-top:1px solid var(--line)}
.country:last-child{border-bottom:1px solid var(--line)}
.country>summary{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem .6rem;padding:.75rem .1rem}
.country>div{padding-bottom:1rem;scroll-margin-top:3rem}
.tally{display:inline-flex;align-items:center;gap:.35em;color:var(--soft);font-size:.8125rem}
.tally .icon{color:var(--tint)}
.group{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:0 1rem}
.group+.group{margin-top:.5rem}
.group>summary{display:flex;flex-wrap:wrap;align-items:center;gap:.2rem .7rem;padding:.6rem 0}
.group>summary b{font-weight:600}
.group .first{margin-inline-start:auto;font-size:.8125rem}
.group table{margin-bottom:.6rem;border-top:1px solid var(--line)}
.group table,#orders table{table-layout:fixed}
#orders th:first-child{width:52%}
.group th:first-child{width:48%}
.group th:nth-child(2){width:26%}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--line)}
@media (max-width:34rem){
body{padding-top:1.25rem}
section{margin-top:2.25rem}
.region{--tile:2.2rem;max-width:100%}
.region ul{gap:2px}
.tile b{font-size:.6875rem}
.tile .icon{width:.625rem;height:.625rem}
.tile span,.wide{display:none}
.chart text{font-size:9.5px}
.group{padding:0 .75rem}
.group .first{margin-inline-start:1.1rem;flex-basis:100%}
th,td{padding-inline-end:.5rem}
.group th:first-child{width:37%}
.group th:nth-child(2){width:36%}
td .chip{gap:.2em;padding:0 .4em 0 .3em;font-size:.75rem}
table{font-size:.875rem}
}
@media print{
:root{${variables(LIGHT)};--page:#fff}
@page{margin:14mm}
body{max-width:none;padding:0;font-size:10pt}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
section{margin-top:1.5rem}
.matter,.group tr,.region,.chart,.country>summary,.group>summary{break-inside:avoid}
h2,summary,caption,thead{break-after:avoid}
details::details-content{content-visibility:visible;block-size:auto}
summary::before{display:none}
a{color:inherit}
}
`;
