import { createHash } from 'node:crypto';
import { Fault } from '../../src/manifest/fault.ts';
import { parseConfig, parseManifests } from '../../src/manifest/parse.ts';
import type { Problem } from '../../src/model/problem.ts';
import { renderProblemText } from '../../src/render/text/problem-text.ts';
import { type FileRequests, requestFiles } from '../../src/resolve/request-files.ts';
import { resolveManifests } from '../../src/resolve/resolve.ts';
import type { Input } from './inputs.ts';
import type { Canary } from './seeds.ts';

export interface Examination {
  /** Manifests that nothing is wrong with. */
  readonly accepted: number;
  readonly codes: readonly string[];
  /** What must never be; empty. */
  readonly findings: readonly string[];
}

const FILE = 'groups/fuzz.yaml';
/** In a variable and in a text file: no manifest can move them where they may be shown. */
const HIDDEN = 'zQ-hidden-zQ';

/** One input all the way from its bytes to what a plan would be made of, and everything that is said about it. */
export function examine({ bytes, canaries }: Input): Examination {
  // What is no UTF-8 is refused before it is parsed; it is parsed here all the same.
  const text = new TextDecoder().decode(bytes);
  const parsed = parseManifests(FILE, text);
  const config = parseConfig(FILE, text);
  const contents = inventFiles(requestFiles([parsed]));
  const env = { REGSYNC_VAR_X: HIDDEN, REGSYNC_VAR_DK_COMPANY_NUMBER: HIDDEN };
  const options = [
    { scope: 'acme', env, warnsOfPlaintext: false },
    { scope: 'acme', env: null, warnsOfPlaintext: true },
  ];
  const resolved = options.map((option) => resolveManifests([parsed], contents, option));
  const problems = [parsed, config, ...resolved].flatMap((result) => result.problems);
  const lines = text.split('\n');
  const secrets = [HIDDEN, ...canaries.filter((canary) => isPrivate(text, canary)).map(({ core }) => core)];
  const findings = [
    ...problems.flatMap((problem) => misplacements(problem, lines)),
    ...problems.flatMap((problem) => leaks(showing(problem), secrets, problem.code)),
    ...resolved.flatMap(({ desired }) => leaks(JSON.stringify(desired), secrets, 'what is desired')),
  ];
  if (parsed.manifests.length + parsed.problems.length === 0)
    findings.push('nothing was read, and nothing said');
  if (config.fields === null && config.problems.length === 0)
    findings.push('a broken configuration without a problem');
  return {
    accepted: parsed.manifests.length,
    codes: [...new Set(problems.map(({ code }) => code))],
    findings: [...new Set(findings)],
  };
}

/** Some are there, some cannot be read, some were never looked for. */
function inventFiles({ documents, texts, ciphertexts }: FileRequests) {
  const fault = new Fault('file-not-found', 'no such file or folder');
  const luck = (path: string): number => createHash('sha256').update(path).digest().readUInt8(0) % 4;
  const invent = <Name extends string, Content>(paths: ReadonlySet<Name>, content: Content) =>
    new Map<Name, Content | Fault>(
      [...paths].filter((path) => luck(path) > 0).map((path) => [path, luck(path) > 1 ? content : fault]),
    );
  return {
    documents: invent(documents, { sha256: '0'.repeat(64), bytes: 1 }),
    texts: invent(texts, HIDDEN),
    ciphertexts: invent(ciphertexts, HIDDEN),
  };
}

/** Everything of it that somebody gets to see. */
function showing(problem: Problem): string {
  return JSON.stringify(problem) + renderProblemText(problem, (_, text) => text);
}

function misplacements(problem: Problem, lines: readonly string[]): string[] {
  const { code, source, excerpt, message } = problem;
  const found: string[] = [];
  if (!/^[a-z0-9-]+$/.test(code)) found.push(`the code ${JSON.stringify(code)}`);
  if (message.trim() === '') found.push(`${code} says nothing`);
  if (UNPRINTABLE.test(renderProblemText(problem, (_, part) => part)))
    found.push(`${code} holds control characters`);
  if (source === undefined) return [...found, `${code} stands nowhere`];
  const line = lines[source.line - 1];
  if (source.file !== FILE) found.push(`${code} in ${source.file}`);
  if (line === undefined) found.push(`${code} on line ${source.line} of ${lines.length}`);
  const width = Math.min(line?.length ?? 0, excerpt?.length ?? Number.POSITIVE_INFINITY);
  if (!(source.column >= 1 && source.column <= width + 1)) {
    found.push(`${code} in column ${source.column} of ${width}`);
  }
  return found;
}

const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;

function leaks(shown: string, secrets: readonly string[], where: string): string[] {
  return secrets.filter((secret) => shown.includes(secret)).map((secret) => `${where} shows ${secret}`);
}

/** Everywhere in the text it still stands behind its key. One that was moved to where names stand may be shown. */
function isPrivate(text: string, { core, before }: Canary): boolean {
  const places: number[] = [];
  for (let at = text.indexOf(core); at !== -1; at = text.indexOf(core, at + 1)) places.push(at);
  return places.length > 0 && places.every((at) => before.test(text.slice(Math.max(0, at - 200), at)));
}
