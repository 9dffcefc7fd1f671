import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { changeAtWork } from '../../apply/at-work.ts';
import { VERSION } from '../../build.ts';
import { ApiError, AuthenticationError, RefusedError } from '../../model/errors.ts';
import type { Operation, Outcome } from '../../model/plan/outcome.ts';
import type { EndLine, OperationLine, RecordLine } from '../../model/report/record.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import type { Answer } from '../../telnyx/answer.ts';
import type { Write, WriteClient } from '../../telnyx/client.ts';
import { idOf } from '../../telnyx/format.ts';
import { holdFile } from '../apply/lock.ts';
import type { Api } from '../session/api.ts';
import type { Project } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import { type RecordKey, sealLine } from './chain.ts';
import { factsOfRun } from './facts.ts';
import { openRecordFile, type RecordFile, unusable } from './record-file.ts';

/** The options of a record, as a command or the action gives them. */
export interface RecordOptions {
  /** The file. Absent if nothing is recorded. */
  readonly record?: string;
}

export interface RecordedRun {
  readonly command: 'apply' | 'ci apply' | 'action apply' | 'release';
  readonly plan: { readonly fingerprint: string; readonly changes: readonly unknown[] };
  /** The pull requests that the caller knows. */
  readonly pulls?: readonly number[];
}

/** The record of one run. */
export interface Recorder {
  /** Returns the client, which writes a line after each write. */
  watch(client: WriteClient): WriteClient;
  /** Writes the last line. */
  end(outcomes: readonly Outcome[], isInterrupted: boolean): void;
  close(): Promise<void>;
  /** What could not be recorded, as sentences. Empty if all is. */
  complaints(): readonly string[];
  /** Says how the file ends, so that it can be kept elsewhere. */
  summary(): string;
}

/**
 * Begins the record of a run, before its first write. Returns null if none is wanted.
 *
 * @throws InvalidInputError if the file cannot be written, RefusedError if another run writes to it.
 */
export async function beginRecord(
  terminal: Terminal,
  { record: given }: RecordOptions,
  { repository }: Pick<Project, 'repository'>,
  api: Pick<Api<WriteClient>, 'recordKey'>,
  run: RecordedRun,
): Promise<Recorder | null> {
  if (given === undefined) return null;
  const path = resolve(terminal.cwd, given);
  const release = await hold(terminal, path, given);
  try {
    const file = openRecordFile(path, repository.root);
    const { key, api: place } = api.recordKey();
    const recorder = new FileRecorder(terminal, { name: given, file, key, release });
    const { scope, account } = repository.config;
    const { pulls = [], plan, command } = run;
    const facts = await factsOfRun(terminal.env, repository.root);
    recorder.begin({
      type: 'run',
      format_version: '1.0',
      ...recorder.stamp(),
      regsync_version: VERSION,
      command,
      ...facts,
      pull_requests: pulls.length > 0 ? [...pulls] : facts.pull_requests,
      scope,
      account: account?.name ?? null,
      api: place,
      fingerprint: plan.fingerprint,
      changes: plan.changes.length,
      key: key.name,
    });
    return recorder;
  } catch (error) {
    await release();
    throw error;
  }
}

/**
 * Records the writes of a run, and its end, also if it ends with an error.
 *
 * @param work gets the client to write with.
 */
export async function whileRecording(
  recorder: Recorder | null,
  { signal }: Pick<Terminal, 'signal'>,
  client: WriteClient,
  work: (client: WriteClient) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  if (recorder === null) return work(client);
  let outcomes: Outcome[] = [];
  try {
    outcomes = await work(recorder.watch(client));
    return outcomes;
  } finally {
    recorder.end(outcomes, signal.aborted);
    await recorder.close();
  }
}

async function hold(terminal: Terminal, path: string, given: string): Promise<() => Promise<void>> {
  try {
    return await holdFile(terminal, path);
  } catch (error) {
    if (error instanceof RefusedError)
      throw new RefusedError(
        `nothing was applied: another run writes to the record ${given}. Wait until it ends, or give this one its own file with --record. If no run writes to it, delete ${given}.lock`,
      );
    throw unusable(given, whyUnusable(error, WHERE_FILES_ARE_MADE));
  }
}

interface OpenRecord {
  /** The path as the user gave it. */
  readonly name: string;
  readonly file: RecordFile;
  readonly key: RecordKey;
  /** Releases the lock of the file. */
  readonly release: () => Promise<void>;
}

class FileRecorder implements Recorder {
  readonly #terminal: Pick<Terminal, 'cover'>;
  readonly #record: OpenRecord;
  readonly #run = randomUUID();
  readonly #operations = { done: 0, refused: 0, unknown: 0 };
  #lines = 0;
  #broken: string | null = null;

  constructor(terminal: Pick<Terminal, 'cover'>, record: OpenRecord) {
    this.#terminal = terminal;
    this.#record = record;
  }

  stamp(): { readonly run: string; readonly time: string } {
    return { run: this.#run, time: new Date().toISOString() };
  }

  begin(line: RecordLine): void {
    this.#append(line);
    if (this.#broken !== null) {
      this.#record.file.close();
      throw unusable(this.#record.name, this.#broken);
    }
  }

  watch(client: WriteClient): WriteClient {
    return { ...client, send: (write) => this.#send(client, write) };
  }

  async #send(client: WriteClient, write: Write): Promise<Answer> {
    try {
      const answer = await client.send(write);
      const id = write.params?.id ?? idOf(answer.body) ?? Object.values(write.params ?? {})[0] ?? null;
      this.#note(write, {
        id,
        outcome: 'done',
        status: answer.status,
        code: null,
        request_id: answer.requestId ?? null,
      });
      return answer;
    } catch (error) {
      this.#note(write, failureOf(error, write));
      throw error;
    }
  }

  #note(
    write: Write,
    result: Pick<OperationLine, 'id' | 'outcome' | 'status' | 'code' | 'request_id'>,
  ): void {
    const change = changeAtWork();
    this.#operations[result.outcome]++;
    this.#append({
      type: 'operation',
      ...this.stamp(),
      kind: change?.kind ?? 'RequirementGroup',
      name: change?.name ?? '',
      operation: operationOf(write),
      request: `${write.method} ${write.template}`,
      ...result,
    });
  }

  end(outcomes: readonly Outcome[], isInterrupted: boolean): void {
    const counts = { applied: 0, failed: 0, skipped: 0, unchanged: 0 };
    for (const { status } of outcomes) counts[status]++;
    const failed: EndLine['failed'] = outcomes
      .filter(({ status }) => status === 'failed')
      .map(({ kind, name, error }) => ({ kind, name, code: error?.code ?? 'unexpected' }));
    this.#append({
      type: 'end',
      ...this.stamp(),
      operations: { ...this.#operations },
      outcomes: counts,
      failed,
      interrupted: isInterrupted,
    });
  }

  async close(): Promise<void> {
    this.#record.file.close();
    await this.#record.release();
  }

  complaints(): readonly string[] {
    return this.#broken === null
      ? []
      : [`the record ${this.#record.name} is incomplete: ${this.#broken}. What was done is listed here only`];
  }

  summary(): string {
    const lines = `${this.#lines} ${this.#lines === 1 ? 'line' : 'lines'}`;
    return `Recorded ${lines} in ${this.#record.name}. Its last line has the digest ${this.#record.file.last ?? ''}\n`;
  }

  /** Writes no line after one that could not be written, because the chain would hide that it is missing. */
  #append(line: RecordLine): void {
    if (this.#broken !== null) return;
    const sealed = sealLine(line, this.#record.file.last, this.#record.key);
    // A key could be in a text that Telnyx sent. Nothing else of a line is private.
    this.#broken =
      this.#terminal.cover(sealed) === sealed
        ? this.#record.file.append(sealed)
        : 'a line would repeat a key';
    if (this.#broken === null) this.#lines++;
  }
}

function failureOf(
  error: unknown,
  { params = {} }: Write,
): Pick<OperationLine, 'id' | 'outcome' | 'status' | 'code' | 'request_id'> {
  const refusal = error instanceof AuthenticationError ? error.cause : error;
  const id = params.id ?? Object.values(params)[0] ?? null;
  if (!(refusal instanceof ApiError))
    return { id, outcome: 'unknown', status: null, code: null, request_id: null };
  const { status, details, requestId } = refusal;
  return { id, outcome: 'refused', status, code: details[0]?.code ?? null, request_id: requestId };
}

function operationOf({ method, template }: Write): Operation {
  if (method === 'DELETE') return 'delete';
  if (method === 'PATCH') return 'patch';
  if (template === '/documents') return 'upload';
  if (template === '/addresses') return 'create_address';
  if (template.endsWith('/submit_for_approval')) return 'submit';
  return template.includes('{') ? 'attach' : 'create';
}
