import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import MarkdownIt from 'markdown-it';
import { parseAst } from 'rolldown/parseAst';

/**
 * Measures how plainly the documents are written, and fails when a figure is worse than its limit.
 *
 *     node scripts/prose.mjs              the documents; exit 1 when one of them is worse
 *     node scripts/prose.mjs FILE…        these instead
 *     node scripts/prose.mjs --messages   also the texts of src/ and schemas/, file by file
 *     node scripts/prose.mjs --long       also the longest sentences of each document
 *     node scripts/prose.mjs --table      the sizes and figures of the documents as a Markdown table
 *
 * Known linters of prose (vale, textlint, write-good) judge one sentence at a time. They know neither shares per thousand
 * words nor medians, so the measure is here.
 */
const ROOT = resolve(import.meta.dirname, '..');

/** Words per sentence, and counts in a thousand words. */
const LIMITS = { you: 8, what: 4, isNo: 1, median: 16, nineTenths: 30, over40: 1, curly: 0 };

/** A message speaks to a person without a `you`, too. Help pages and files that `init` writes count as long sentences. */
const MESSAGE_LIMITS = { ...LIMITS, you: 0, over40: 10 };

/** README is what a newcomer reads first. */
const NINE_TENTHS_OF_README = 26;
const README_BYTES = 4096;

/** Shares say nothing about a text this short. */
const LEAST_WORDS = 100;

/** Read by people who work on regsync: reported, without a limit. */
const REPORTED = new Set(['ARCHITECTURE.md']);

/** A test that a document names, by its file and its title. */
const TEST_TITLE = /\[`[\w-]+`\]\([^)]+\.test\.ts\) _[\s\S]+?_(?!\w)/g;

const parser = new MarkdownIt({ html: true });

function documents() {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.filter((path) => path.endsWith('.md')).map((path) => `docs/${path}`);
  const others = ['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md'];
  return ['README.md', ...others, ...pages.sort(), ...REPORTED];
}

/**
 * The prose of a document: paragraphs, entries of lists, and cells of tables. Without headings, blocks of code, and what is
 * generated from the program, whose words are those of messages and schemas, or the titles of tests. A piece of code counts as one word.
 */
function proseOf(markdown) {
  const written = markdown
    .replace(/<!-- generated: [\s\S]*?<!-- end -->/g, '')
    .replace(/^\[\^\w+\]: .*$/gm, '')
    .replace(TEST_TITLE, '');
  const blocks = [];
  let isHeading = false;
  for (const token of parser.parse(written, {})) {
    if (token.type === 'heading_open') isHeading = true;
    if (token.type === 'heading_close') isHeading = false;
    if (token.type === 'inline' && !isHeading) blocks.push(textOf(token.children ?? []));
  }
  return blocks.filter((block) => /[a-z]/i.test(block));
}

function textOf(children) {
  return children
    .map(({ type, content }) => {
      if (type === 'text') return content;
      if (type === 'code_inline') return 'code';
      return type === 'softbreak' || type === 'hardbreak' ? ' ' : '';
    })
    .join('')
    .replace(/\[\^\w+\]/g, '')
    .replace(/^\[![A-Z]+\]/, '');
}

function wordsIn(text) {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’./-]*/gu) ?? [];
}

/** Cells and entries that are no sentences, such as a name, say nothing about the length of sentences. */
function sentencesIn(blocks) {
  return blocks
    .flatMap((block) => block.split(/(?<=[.!?:][)*_"]*)\s+(?=["'(*_]*[\p{Lu}\p{N}]|(?:code|regsync)\b)/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[.!?:][)*_"]*$/.test(sentence) && wordsIn(sentence).length > 1);
}

function figuresOf(blocks) {
  const text = blocks.join('\n');
  const words = wordsIn(text).length;
  const share = (pattern) => ((text.match(pattern) ?? []).length * 1000) / Math.max(words, 1);
  const sentences = sentencesIn(blocks);
  const lengths = sentences.map((sentence) => wordsIn(sentence).length).sort((a, b) => a - b);
  const at = (part) => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * part))] ?? 0;
  return {
    words,
    you: share(/\byou(?:r|rs|rself)?\b/gi),
    what: share(/\b(?:what|whoever|whatever)\b/gi),
    isNo: share(/\b(?:is|are) no\b/gi),
    median: at(0.5),
    nineTenths: at(0.9),
    over40: lengths.filter((length) => length > 40).length,
    curly: (text.match(/[“”]/g) ?? []).length,
    longest: sentences.toSorted((a, b) => wordsIn(b).length - wordsIn(a).length).slice(0, 4),
  };
}

/** The names of the figures that are worse than their limits. */
function worseThanLimits(figures, limits) {
  const sharesCount = figures.words >= LEAST_WORDS;
  return [
    sharesCount && figures.you < limits.you && 'you',
    sharesCount && figures.what > limits.what && 'what',
    sharesCount && figures.isNo > limits.isNo && 'isNo',
    figures.median > limits.median && 'median',
    figures.nineTenths > limits.nineTenths && 'nineTenths',
    figures.over40 > limits.over40 && 'over40',
    figures.curly > limits.curly && 'curly',
  ].filter(Boolean);
}

function limitsOf(path) {
  return path === 'README.md' ? { ...LIMITS, nineTenths: NINE_TENTHS_OF_README } : LIMITS;
}

/** Texts of four words or more in a source file, or the descriptions of a schema, without names, paths and style sheets. */
function messagesIn(path) {
  const found = [];
  const text = readFileSync(join(ROOT, path), 'utf8');
  if (path.endsWith('.json')) {
    JSON.parse(text, (key, value) => {
      if (key === 'description' && typeof value === 'string') found.push(value);
      return value;
    });
    return sentencesOf(found);
  }
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach(visit);
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'Literal' && typeof node.value === 'string') found.push(node.value);
    if (node.type === 'TemplateLiteral')
      found.push(node.quasis.map(({ value }) => value.cooked).join('code'));
    Object.values(node).forEach(visit);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return sentencesOf(found.filter((one) => !/[{};]\s*\n/.test(one)));
}

/** A message often ends without a full stop: it is a sentence all the same. */
function sentencesOf(texts) {
  return texts
    .map((text) =>
      text
        .replaceAll(/`[^`]*`/g, 'code')
        .trim()
        .replace(/[^.!?:]$/, '$&.'),
    )
    .filter((text) => wordsIn(text).length >= 4);
}

function sources() {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('sandbox/'))
    .map((path) => `src/${path}`);
  const schemas = readdirSync(join(ROOT, 'schemas')).map((path) => `schemas/${path}`);
  return [...files.sort(), ...schemas];
}

/** The comments and descriptions that a user reads in action.yml, and in the files that they copy. */
function copied() {
  const files = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:\.ya?ml|Dockerfile)$/.test(path) && !path.endsWith('regsync.lock.yaml'))
    .map((path) => `examples/${path}`);
  return ['action.yml', ...files.sort()];
}

function textsIn(path) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const comments = text
    .replace(/^(?! *#).*$/gm, (line) => line.match(/(?<= )# .*/)?.[0] ?? '')
    .split(/\n(?! *#)/)
    .map((block) => block.replace(/(?:^|\n) *# ?/g, ' '));
  const descriptions = path === 'action.yml' ? [...text.matchAll(DESCRIPTION)].map(([, said]) => said) : [];
  return sentencesOf([...comments, ...descriptions.map((said) => said.replace(/\s+/g, ' '))]);
}

/** A description in action.yml, on its line or folded below it. */
const DESCRIPTION = /^ *description: (?:>-\n)?((?:.+)(?:\n {6,}.+)*)/gm;

const COLUMNS = ['words', 'you', 'what', 'isNo', 'median', 'nineTenths', 'over40', 'curly'];

function row(path, figures, worse) {
  const cells = COLUMNS.map((name) => {
    const value = figures[name];
    const shown = Number.isInteger(value) ? `${value}` : value.toFixed(1);
    return `${shown}${worse.includes(name) ? '!' : ''}`.padStart(11);
  });
  return `${path.padEnd(36)}${cells.join('')}\n`;
}

/** Prints bytes and figures of each document, to compare them with another time or another project. */
function printTable(paths) {
  const head = [
    'document',
    'bytes',
    'words',
    'you ‰',
    'what/whoever ‰',
    'is no ‰',
    'median',
    '90 %',
    'over 40',
  ];
  const rows = paths.map((path) => {
    const text = readFileSync(resolve(ROOT, path), 'utf8');
    const { words, you, what, isNo, median, nineTenths, over40 } = figuresOf(proseOf(text));
    const shares = [you, what, isNo].map((share) => share.toFixed(1));
    return [path, Buffer.byteLength(text), words, ...shares, median, nineTenths, over40];
  });
  for (const cells of [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows])
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  return 0;
}

function main(args) {
  const files = args.filter((arg) => !arg.startsWith('--'));
  if (args.includes('--table')) return printTable(files.length > 0 ? files : documents());
  process.stdout.write(`${' '.repeat(36)}${COLUMNS.map((name) => name.padStart(11)).join('')}\n`);
  let isWorse = false;
  for (const path of files.length > 0 ? files : documents()) {
    const figures = figuresOf(proseOf(readFileSync(resolve(ROOT, path), 'utf8')));
    const worse = REPORTED.has(path) ? [] : worseThanLimits(figures, limitsOf(path));
    isWorse ||= worse.length > 0;
    process.stdout.write(row(path, figures, worse));
    if (args.includes('--long')) for (const long of figures.longest) process.stdout.write(`    ${long}\n`);
  }
  const readmeBytes = statSync(join(ROOT, 'README.md')).size;
  if (files.length === 0 && readmeBytes > README_BYTES) {
    isWorse = true;
    process.stdout.write(
      `README.md has ${readmeBytes} bytes, and ${README_BYTES} is the limit: move a part into docs/.\n`,
    );
  }
  if (files.length === 0) {
    const perFile = sources().map((path) => [path, messagesIn(path)]);
    for (const [path, messages] of perFile) {
      if (args.includes('--messages') && messages.length > 0)
        process.stdout.write(
          row(path, figuresOf(messages), worseThanLimits(figuresOf(messages), MESSAGE_LIMITS)),
        );
    }
    const all = [
      ['all messages', perFile.flatMap(([, messages]) => messages)],
      ['action.yml and examples', copied().flatMap(textsIn)],
    ];
    for (const [name, texts] of all) {
      const figures = figuresOf(texts);
      const worse = worseThanLimits(figures, MESSAGE_LIMITS);
      isWorse ||= worse.length > 0;
      process.stdout.write(row(name, figures, worse));
      if (args.includes('--long')) for (const long of figures.longest) process.stdout.write(`    ${long}\n`);
    }
  }
  if (isWorse)
    process.stdout.write('Figures with ! are worse than their limits: see CONTRIBUTING.md, "Plain words".\n');
  return isWorse ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
