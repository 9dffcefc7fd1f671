import type { Progress } from '../../src/kinds/writing/outcome.ts';
import { type ApplyInput, type Run, startRun } from '../../src/kinds/writing/run.ts';
import { ApiError, type ApiErrorDetail, OperationError } from '../../src/model/errors.ts';
import type { ObservedGroup } from '../../src/model/observed.ts';
import type { GroupChange, ValueWrite, WritableValue } from '../../src/model/plan/change.ts';
import { reveal, Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { SourcePosition } from '../../src/model/problem.ts';
import type { DesiredAddress, DesiredDocument, RemoteId } from '../../src/model/resource.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import { addressValue, desiredGroup, documentValue, observedWorld } from './plan-inputs.ts';
import { type ClientScript, scriptedClient } from './scripted-client.ts';

/** A run against a script. Beside the requests it notes how long it waits, and what it says to begin: `create begins`. */
export function scriptedRun(
  script: ClientScript,
  given: Partial<Omit<ApplyInput, 'client'>> = {},
): { readonly run: Run; readonly input: ApplyInput; readonly asked: unknown[] } {
  const { client, asked } = scriptedClient(script);
  const input: ApplyInput = {
    changes: [],
    observed: observedWorld({}),
    client,
    readDocument: async (path) => Buffer.from(path.replace(/^documents\/|\..*$/g, '')),
    parallelism: 1,
    signal: new AbortController().signal,
    wait: async (milliseconds) => void asked.push(`wait ${milliseconds}`),
    onProgress: ({ name, operation }) => void asked.push(`${operation} of ${name} begins`),
    ...given,
  };
  return { run: startRun(input), input, asked };
}

export function newProgress(given: Partial<Progress> = {}): Progress {
  return { id: null, status: null, operations: [], warnings: [], source: null, ...given };
}

/** What came of it: the result, or what was thrown as plain data. */
export async function endOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OperationError) {
      const { code, message, source } = error;
      return { code, message, line: source?.line ?? null };
    }
    return error;
  }
}

export function refused(status = 422, ...details: readonly Partial<ApiErrorDetail>[]): ApiError {
  const none = { code: null, title: null, detail: null, pointer: null };
  const all = details.map((detail) => ({ ...none, ...detail }));
  return new ApiError(status, 'SOME /request', all, 'request-1');
}

export const GONE = refused(404);

/** A new one each time, as from the client. */
export const LOST = () => new UnknownOutcomeError('POST /something', 'answered 503', 503);

/* ---- Rows as the API would give them ---- */

export function groupRow(group: ObservedGroup): object {
  const { countryCode, phoneNumberType, action } = group.combination;
  return {
    id: group.id,
    country_code: countryCode,
    phone_number_type: phoneNumberType,
    action,
    customer_reference: group.reference,
    status: group.status,
    created_at: group.createdAt ?? null,
    regulatory_requirements: group.requirements.map(({ requirementId, fieldType, value, status }) => ({
      requirement_id: requirementId,
      field_type: fieldType,
      field_value: reveal(value),
      status,
    })),
  };
}

export function addressRow(id: string, reference: string | null, { fields }: DesiredAddress): object {
  const texts = [...fields].map(([field, value]) => [field, reveal(value)]);
  return { id, customer_reference: reference, ...Object.fromEntries(texts) };
}

/* ---- Changes, as a plan has them ---- */

export const at = (line: number): SourcePosition => ({ file: 'groups/a.yaml', line, column: 1 });

export function groupChange(given: Partial<GroupChange> = {}): GroupChange {
  return {
    kind: 'RequirementGroup',
    name: 'de-local',
    source: at(1),
    verb: 'create',
    actions: ['create', 'submit'],
    desired: desiredGroup(),
    observed: null,
    writes: [],
    writesReference: null,
    attaches: [],
    deletes: [],
    dependsOn: [],
    consequences: [],
    ...given,
  };
}

/** Of requirement a at line 11, of b at line 12. */
export function valueWrite(requirementId: string, value: WritableValue): ValueWrite {
  const fieldType = value.kind === 'document' || value.kind === 'address' ? value.kind : 'textual';
  return {
    requirementId,
    requirementName: `Requirement ${requirementId}`,
    fieldType,
    value,
    before: null,
    after: new Sensitive(''),
    observedStatus: null,
    source: at(10 + Math.max(1, 'abcdefgh'.indexOf(requirementId) + 1)),
  };
}

export const textWrite = (requirementId: string, text: string): ValueWrite =>
  valueWrite(requirementId, { kind: 'text', text: new Sensitive(text) });

/** @param reuse the id of an upload that may be used; null: it has to be uploaded. */
export function documentWrite(
  requirementId: string,
  content: string,
  reuse: string | null = null,
): ValueWrite {
  const document = documentOf(content);
  return valueWrite(requirementId, { kind: 'document', document, reuse: reuse as RemoteId | null });
}

export function addressWrite(requirementId: string, street: string, reuse: string | null = null): ValueWrite {
  const address = addressOf(street);
  return valueWrite(requirementId, { kind: 'address', address, reuse: reuse as RemoteId | null });
}

export function documentOf(content: string, given: Partial<DesiredDocument> = {}): DesiredDocument {
  const bound = documentValue(content, undefined, given).content;
  if (bound.kind !== 'document') throw new Error('a document was expected');
  return bound.document;
}

export function addressOf(street: string): DesiredAddress {
  const bound = addressValue(street).content;
  if (bound.kind !== 'address') throw new Error('an address was expected');
  return bound.address;
}
