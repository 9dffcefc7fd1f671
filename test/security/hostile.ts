import { onTestFinished } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { openTestRepository, type Result, type TestRepository } from '../support/test-repository.ts';
import { answerJson, type Scripted, type Seen, serve } from '../telnyx/scripted-server.ts';

/** A rehearsal that is over when its test is. */
export async function repositoryWith(
  manifests: Readonly<Record<string, string>>,
  how: 'here' | 'processes' = 'here',
): Promise<TestRepository> {
  const repository = await openTestRepository(manifests, how);
  onTestFinished(() => repository.end());
  return repository;
}

export interface Relayed {
  readonly status: number;
  readonly body: unknown;
}

/** Between the program and the sandbox: passes everything on, and answers what it likes. */
export function relay(
  sandbox: Sandbox,
  change: (answer: Relayed, request: Seen) => Relayed,
): Promise<Scripted> {
  return serve(async (response, request) => {
    const { method, url, headers, body } = request;
    const answer = await fetch(`${sandbox.origin}${url.pathname}${url.search}`, {
      method,
      headers: {
        authorization: String(headers.authorization),
        ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }),
      },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const text = await answer.text();
    const changed = change({ status: answer.status, body: text === '' ? null : JSON.parse(text) }, request);
    answerJson(response, changed.body, changed.status);
  });
}

/** Every mapping in it changed, from the leaves upwards. */
export function mapObjects(value: unknown, change: (mapping: object) => object): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapObjects(entry, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, mapObjects(entry, change)]);
  return change(Object.fromEntries(entries));
}

export function everythingFrom({ out, err }: Result): string {
  return `${out}\n${err}`;
}

/** `groups/a.yaml:10 unsafe-path`, of a run with `--format json` that was refused for what is written. */
export function placesOf({ code, signal, out, err }: Result): string[] {
  if (code !== 3 || signal !== null) throw new Error(`It ended with ${code ?? signal}\n${out}${err}`);
  const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ source, code: problem }) => `${source?.file}:${source?.line} ${problem}`);
}

interface Diagnostic {
  readonly severity: string;
  readonly code: string;
  readonly source?: { readonly file: string; readonly line: number };
}

/** A group of a single text; `value` is on line 9. */
export function textGroup(value: string, name = 'de-local'): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
requirements:
  - requirement: Contact Info
    ${value}
partial: true
`;
}

/** The same with one requirement for each value, each on a line of its own, the first on line 8. */
export function groupOf(values: readonly string[], name = 'de-local'): string {
  const requirements = values.map((value, index) => `  - { requirement: Sample ${index}, ${value} }\n`);
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
requirements:
${requirements.join('')}partial: true
`;
}

/** What a terminal acts on, or what makes a text look like another one. */
export const ESCAPES: Readonly<Record<string, string>> = {
  CSI: '\u001b[31mred\u001b[2J',
  'OSC 8': '\u001b]8;;https://example.com\u0007link\u001b]8;;\u001b\\',
  C1: '\u009b31mred \u009d0;title\u009c',
  'bidirectional override': 'left\u202egnp.fdp\u2066',
  'line breaks': 'one\r\u001b[Atwo\u0085three\u2028four\nfive',
  'zero width': 'in\u200bvis\ufeffible\u00ad',
};

/** All characters that may not reach a terminal, but for the newlines that regsync itself writes. */
export const UNPRINTABLE = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Demands one text for each of the criteria, called `Sample 0` and so on, as `groupOf` gives them. */
export async function repositoryRequiring(
  criteria: readonly object[],
  manifest: string,
): Promise<TestRepository> {
  const repository = await repositoryWith({ 'groups/de.yaml': manifest });
  const replace = criteria.map((acceptance_criteria, index) => ({
    name: `Sample ${index}`,
    type: 'textual',
    acceptance_criteria,
  }));
  await repository.control('catalogue/DE/local/ordering', { replace }, 'PATCH');
  return repository;
}
