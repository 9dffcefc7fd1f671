import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { VERSION } from '../../build.ts';
import { expected, finding, unhandled } from '../../doctor/verdict.ts';
import { realPathOf } from '../../files/paths.ts';
import { writeWholeFile } from '../../files/write.ts';
import type { Repository } from '../../manifest/repository.ts';
import { endingOf } from '../../model/ending.ts';
import { InvalidInputError } from '../../model/errors.ts';
import type { Finding } from '../../model/report/doctor.ts';
import { renderJson } from '../../render/json.ts';
import type { Terminal } from '../session/terminal.ts';
import type { DoctorCommandOptions } from './doctor.ts';
import type { Recording } from './recording.ts';

/**
 * Writes the record and returns a finding about it. An error is a finding too, so that the others are still
 * shown.
 */
export async function keepRecording(
  terminal: Terminal,
  { record }: DoctorCommandOptions,
  [repository]: readonly Repository[],
  recording: Recording,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  if (record === undefined) return [];
  const text = renderJson({
    format_version: '1.0',
    regsync_version: VERSION,
    node: process.versions.node,
    findings: findings.map(({ id, status, isSeen }) => `${id}: ${isSeen ? status : 'no answers to record'}`),
    answers: recording.answers,
  });
  const place = { what: 'the record', mode: 0o600, root: repository?.root ?? realPathOf(terminal.cwd) };
  const subject = ['record', 'record'] as const;
  try {
    const path = resolve(terminal.cwd, record);
    await refuseToReplace(path, record);
    await writeWholeFile(path, text, place);
    const message = `${record}: the shapes of ${recording.answers.length} answers, without values; read it before you send it`;
    return [finding('api', subject, expected(message))];
  } catch (error) {
    const { exit, message } = endingOf(error);
    return [finding('api', subject, unhandled(exit, message))];
  }
}

/**
 * Throws if the file has content other than an earlier record: a mistyped name must not overwrite a manifest.
 */
async function refuseToReplace(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size === 0) return;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (isRecordText(text)) return;
  throw new InvalidInputError(`${shown} exists and is not a record. Write another file name after --record`);
}

function isRecordText(text: string): boolean {
  try {
    return Array.isArray(Object(JSON.parse(text)).answers);
  } catch {
    return false;
  }
}
