// Checks what ARCHITECTURE.md promises about `src`: who imports whom, which files stay pure, and how long a
// file may be. `npm run lint` runs it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The first pattern that a file matches says which folders it may import, beside its own. */
const ROOMS = [
  [/^model\//, []],
  [/^files\//, ['model']],
  [/^http\//, ['model']],
  [/^telnyx\//, ['model', 'http']],
  [/^catalogue\//, ['model', 'telnyx']],
  [/^manifest\//, ['model', 'files', 'catalogue']],
  [/^kinds\/(?:values\/|[^/]+\/(?:plan|describe)(?:-[a-z-]+)?\.ts$)/, ['model']],
  [/^kinds\//, ['model', 'telnyx', 'catalogue', 'manifest']],
  [/^resolve\//, ['model', 'files', 'catalogue', 'manifest', 'kinds']],
  [/^observe\//, ['model', 'telnyx', 'kinds']],
  [/^plan\//, ['model', 'kinds']],
  [/^apply\//, ['model', 'telnyx', 'kinds']],
  [/^import\//, ['model', 'catalogue', 'telnyx', 'manifest', 'kinds', 'resolve', 'observe', 'plan']],
  [/^render\//, ['model']],
  [/^doctor\//, ['model']],
  [/^forge\//, ['model', 'http']],
  [/^github\//, ['model', 'http', 'forge']],
  [/^gitlab\//, ['model', 'http', 'forge']],
  [/^sandbox\//, ['model']],
  [/^cli\/(?:main|program|shell)\.ts$/, null],
  [/^cli\//, not(['action', 'cli/main.ts', 'cli/program.ts', 'cli/shell.ts'])],
  [/^action\//, null],
  [/^[^/]+\.ts$/, ['model']],
];

/** These decide and describe. They get what they need to know as arguments. */
const PURE = [
  /^(?:model|plan|import|doctor|render)\//,
  /^kinds\/(?:values\/|[^/]+\/(?:plan|describe)(?:-[a-z-]+)?\.ts$)/,
];
const IMPURE_MODULES =
  /^node:(?:fs|http|https|net|tls|dns|process|timers|child_process|os|worker_threads)(?:\/|$)|^undici$/;
const IMPURE_GLOBALS =
  /(?<![\w.'"`/-])(?:process\.\w|fetch\(|setTimeout\(|setInterval\(|Date\.now\()|new Date\(\)/;

const MAX_LINES = 300;
/** These are tables, which nobody reads from top to bottom. */
const DATA = ['doctor/assumptions.ts', 'sandbox/requirements/catalogue-sample.ts'];
const LONGER = [];

const MAX_WITHOUT_SUBJECT = 0.05;
/** These words begin a fragment more often than a sentence. */
const FRAGMENT =
  /^(?:What|Whoever|Whatever|Whether|Of|By|For|With|Without|In|On|At|From|To|As|Where|When|Whose|Which|How|Why|Because|If|Until|Since|Once|Null|None|Absent|Empty|Also|Only|Not|Never|Nothing|No|Both|After|Before|Under|Over|Beside|Between|Like|Unlike|Those|Same|So|Too)\b/;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = checkHouse(join(root, 'src'));
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

/**
 * @param {string} src
 * @returns {string[]} one line for each broken rule, in the order of the files.
 */
export function checkHouse(src) {
  const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.ts'))
    .sort();
  return [
    ...paths.flatMap((path) => checkFile(src, path)),
    ...checkTypeNames(src, paths),
    ...checkComments(src, paths),
  ];
}

/** A name of a type means one thing in the whole program. */
function checkTypeNames(src, paths) {
  const owners = new Map();
  return paths.flatMap((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    const names = [...text.matchAll(/^export (?:interface|type|class) (\w+)/gm)].map(([, name]) => name);
    return names.flatMap((name) => {
      const owner = owners.get(name) ?? path;
      owners.set(name, owner);
      return owner === path ? [] : [`src/${path} exports a type ${name}, and src/${owner} does: rename one.`];
    });
  });
}

/** A comment is a sentence with a subject. The check allows a few, because a sentence may begin with such a word, too. */
function checkComments(src, paths) {
  const comments = paths.flatMap((path) =>
    [
      ...readFileSync(join(src, path), 'utf8').matchAll(/\/\*\*?([\s\S]*?)\*\/|(?:^[ \t]*\/\/[^\n]*\n?)+/gm),
    ].map(([whole]) =>
      whole
        .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)\s?/gm, '')
        .replace('*/', '')
        .trim(),
    ),
  );
  const fragments = comments.filter((text) => FRAGMENT.test(text));
  const share = fragments.length / Math.max(comments.length, 1);
  return share <= MAX_WITHOUT_SUBJECT
    ? []
    : [
        `${(100 * share).toFixed(1)} % of ${comments.length} comments begin without a subject, and 5 % may: ${fragments[0]?.slice(0, 60)}`,
      ];
}

function checkFile(src, path) {
  const text = readFileSync(join(src, path), 'utf8');
  const imported = [...text.matchAll(/\b(?:from|import\(|import) ?'([^']+)'/g)].map(([, name]) => name);
  return [
    ...checkRoom(src, path, imported),
    ...checkPurity(path, text, imported),
    ...checkLength(path, text),
  ];
}

function checkRoom(src, path, imported) {
  const room = ROOMS.find(([pattern]) => pattern.test(path));
  if (room === undefined) return [`src/${path} is in no folder that scripts/house.mjs knows: add it there.`];
  const [, may] = room;
  if (may === null) return [];
  const own = path.split('/')[0];
  return imported
    .filter((name) => name.startsWith('.'))
    .map((name) =>
      relative(src, resolve(src, dirname(path), name))
        .split(sep)
        .join('/'),
    )
    .filter((target) => !target.startsWith('..') && !isAllowed(target, own, may))
    .map((target) => `src/${path} imports ${target}, and may not: scripts/house.mjs says who imports whom.`);
}

function isAllowed(target, own, may) {
  if (typeof may === 'function') return may(target);
  const room = target.split('/')[0];
  return room === own || room === 'build.ts' || may.includes(room);
}

function not(denied) {
  return (target) => !denied.some((path) => target === path || target.startsWith(`${path}/`));
}

function checkPurity(path, text, imported) {
  if (!PURE.some((pattern) => pattern.test(path))) return [];
  const modules = imported.filter((name) => IMPURE_MODULES.test(name));
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const global = IMPURE_GLOBALS.exec(code);
  return [...modules, ...(global === null ? [] : [global[0]])].map(
    (name) => `src/${path} uses ${name}, and is pure: files, network, clock and process belong at the edge.`,
  );
}

function checkLength(path, text) {
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines <= MAX_LINES || DATA.includes(path) || LONGER.includes(path)) return [];
  return [`src/${path} has ${lines} lines, and may have ${MAX_LINES}: split it where its subject changes.`];
}
