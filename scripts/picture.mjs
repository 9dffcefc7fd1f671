import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';

/**
 * Draws docs/images/comment.png: the Markdown of a plan against the sandbox, as a page that looks much like GitHub's. Run it after a
 * change of the comment: `node scripts/build.mjs && node scripts/picture.mjs`. It needs Chromium.
 */
const ROOT = resolve(import.meta.dirname, '..');
const DOTS = { '🔴': '#cf222e', '🟠': '#bc4c00', '🟡': '#bf8700', '🟢': '#1a7f37', '🔵': '#0969da' };
const folder = mkdtempSync(join(tmpdir(), 'regsync-picture-'));

for (const part of ['groups', 'documents', 'regsync.yaml']) {
  cpSync(join(ROOT, part), join(folder, part), { recursive: true });
}
regsync('apply', '--yes', '--target', 'example-fr-local');
const manifest = join(folder, 'groups/fr.yaml');
writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('address-fr.png', 'local-address-proof.pdf'));
const markdown = regsync('plan', '--format', 'markdown');

const page = join(folder, 'page.html');
writeFileSync(
  page,
  `<!doctype html><meta charset="utf-8"><style>${styles()}</style><main>${render(markdown)}</main>`,
);
execFileSync('chromium', [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--window-size=860,790',
  `--screenshot=${join(ROOT, 'docs/images/comment.png')}`,
  `file://${page}`,
]);
rmSync(folder, { recursive: true });

function regsync(...args) {
  const program = join(ROOT, 'dist/regsync.js');
  return execFileSync(process.execPath, [program, ...args, '--sandbox', '--quiet'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** GitHub's alerts go beyond CommonMark. The dots are drawn, since few machines have a font for them. */
function render(text) {
  return new MarkdownIt({ html: true })
    .render(text)
    .replaceAll(/[🔴🟠🟡🟢🔵]/gu, (dot) => `<span style="color: ${DOTS[dot]}">●</span>`)
    .replaceAll(/<blockquote>\s*<p>\[!([A-Z]+)\]\s*/g, (_, kind) => `<blockquote><p><b>${kind}</b><br>`);
}

function styles() {
  return `
    body { margin: 0; font: 14px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; color: #1f2328; background: #fff }
    main { margin: 16px; padding: 8px 20px 12px; border: 1px solid #d1d9e0; border-radius: 8px }
    table { border-collapse: collapse; margin-bottom: 16px } th, td { border: 1px solid #d1d9e0; padding: 5px 12px; text-align: left }
    code { background: #eff1f3; border-radius: 5px; padding: 2px 5px; font: 12px "DejaVu Sans Mono", monospace }
    pre { background: #f6f8fa; padding: 12px; border-radius: 6px; overflow: hidden } pre code { background: none; padding: 0 }
    blockquote { margin: 0 0 16px; padding: 2px 14px; border-left: 4px solid #9a6700 } a { color: #0969da; text-decoration: none }
    sub { color: #59636e; font-size: 11px }`;
}
