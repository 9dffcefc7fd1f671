import { hash } from 'node:crypto';
import { plaintextPath } from '../model/encrypted-path.ts';
import { ApiError, InterruptedError, OperationError, UnreachableError } from '../model/errors.ts';
import { normaliseDate } from '../model/normal-text.ts';
import { sameReference } from '../model/reference.ts';
import {
  type BoundGroup,
  type DesiredAddress,
  type DesiredDocument,
  type ObservedGroup,
  type RemoteId,
  references,
} from '../model/resource.ts';
import { differingFields, isAddressOf, isDocumentOf } from '../model/same-content.ts';
import { reveal } from '../model/sensitive.ts';
import { unlessGone } from '../telnyx/absence.ts';
import type { WriteClient } from '../telnyx/client.ts';
import {
  createAddress,
  createGroup,
  deleteGroup,
  getDocument,
  getGroup,
  listAddressesByReference,
  listDocumentsByReference,
  patchGroup,
  submitGroup,
  uploadDocument,
} from '../telnyx/endpoints.ts';
import type { AddressRow, ValueToWrite } from '../telnyx/types.ts';
import { sendOnce } from './lost-answer.ts';
import type { Memory } from './memory.ts';
import { referenceNotKept } from './read-again.ts';
import { listTwins } from './twins.ts';

/**
 * One operation → requests. Two rules hold for all of them. A POST whose outcome is unknown is looked up by its
 * reference before it is sent again, for nothing at Telnyx keeps two of a kind apart. And no answer is believed: what
 * was written is read back.
 */
export interface WriterContext {
  readonly client: WriteClient;
  readonly scope: string;
  readonly readDocument: ReadDocument;
  /** Objects that were there before the run: never taken for one that a lost POST has made. */
  readonly knownIds: ReadonlySet<string>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Of documents that are being uploaded. */
  readonly memory: Memory;
}

export type ReadDocument = (path: string) => Promise<Buffer>;

/** Lists may lag behind writes: three looks over five seconds. */
const LOOK_UP_WAITS_MS = [500, 1500, 3000] as const;
const READ_BACK_WAITS_MS = [0, 1000] as const;
const STATUS_WAITS_MS = [0, 500, 1500, 3000] as const;

export interface Made {
  readonly id: RemoteId;
  /** Something that a person should look at: a duplicate that a lost answer may have left. */
  readonly warning: string | null;
}

/** Uploads the bytes that were planned, and no others: they are hashed again as they are read. */
export async function upload(context: WriterContext, document: DesiredDocument): Promise<Made> {
  return context.memory.within(document.bytes, async () => uploadBytes(context, document));
}

async function uploadBytes(context: WriterContext, document: DesiredDocument): Promise<Made> {
  const bytes = await context.readDocument(document.path);
  if (hash('sha256', bytes) !== document.sha256) {
    throw new OperationError(
      'document-changed',
      `${document.path} changed while the plan was applied`,
      document.source,
    );
  }
  const reference = references.document(context.scope, document.sha256);
  const upload = { reference, extension: extensionOf(document.path), bytes };
  let told: string | null = null;
  const made = await makeOnce(context, {
    noun: 'document',
    make: async () => {
      const { id, sha256 } = await uploadDocument(context.client, upload);
      told = sha256;
      return id;
    },
    find: async () => {
      const found = await listDocumentsByReference(context.client, reference);
      return found.filter((row) => isDocumentOf(row, document.sha256)).map(({ id }) => id);
    },
  });
  await confirmUpload(context, made.id, document, told);
  return made;
}

/** @param told the digest that the upload was answered with; where there was none, the document says whether it has one. */
async function confirmUpload(
  { client }: WriterContext,
  id: RemoteId,
  document: DesiredDocument,
  told: string | null,
): Promise<void> {
  const stored = told ?? (await unlessGone(() => getDocument(client, id)))?.sha256 ?? null;
  if (stored === null || stored === document.sha256) return;
  throw new OperationError(
    'upload-differs',
    `Telnyx stores other bytes than ${document.path} as document ${id}, whose sha256 is ${stored}: it is not used`,
    document.source,
  );
}

/** Of the plaintext: that is what is uploaded. */
function extensionOf(path: string): string {
  const name = plaintextPath(path);
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

const SCAN_WAITS_MS = [0, 1000, 2000, 4000, 8000, 15_000] as const;

/**
 * What has become of an upload that a group's write was refused with: gone, since Telnyx deletes what nothing links, or
 * not scanned in time (whether Telnyx accepts unscanned documents is not known), in which case its scan is awaited.
 */
export async function inspectDocument(
  context: WriterContext,
  id: RemoteId,
): Promise<'ready' | 'scanned-meanwhile' | 'gone' | 'rejected'> {
  for (const [index, waitMs] of SCAN_WAITS_MS.entries()) {
    await context.wait(waitMs);
    const document = await unlessGone(() => getDocument(context.client, id));
    if (document === null) return 'gone';
    if (document.scanStatus === 'infected' || document.status === 'denied') return 'rejected';
    if (document.scanStatus !== 'pending_scan') return index === 0 ? 'ready' : 'scanned-meanwhile';
  }
  return 'ready';
}

export async function makeAddress(context: WriterContext, address: DesiredAddress): Promise<Made> {
  const reference = references.address(context.scope, address.sha256);
  return makeOnce(context, {
    noun: 'address',
    make: async () => {
      const made = await createAddress(context.client, address, reference);
      confirmAddress(made, address);
      return made.id;
    },
    find: async () => {
      const found = await listAddressesByReference(context.client, reference);
      return found.filter((row) => isAddressOf(row, address)).map(({ id }) => id);
    },
  });
}

/** An answer without any field says nothing of them. */
function confirmAddress({ id, fields }: AddressRow, address: DesiredAddress): void {
  const differing = fields.size === 0 ? [] : differingFields(address.fields, fields);
  if (differing.length === 0) return;
  throw new OperationError(
    'address-differs',
    `Telnyx stores address ${id} otherwise than it was sent: ${differing.join(', ')}. Write what Telnyx stores, or use it as it is with \`address: { id: "${id}" }\``,
    address.source,
  );
}

export async function makeGroup(
  context: WriterContext,
  group: BoundGroup,
  values: readonly ValueToWrite[],
): Promise<Made> {
  const { combination, reference } = group;
  return makeOnce(context, {
    noun: 'requirement group',
    make: () => createGroup(context.client, { combination, reference, values }),
    find: async () => (await listTwins(context, group)).map(({ id }) => id),
  });
}

interface Making {
  readonly noun: string;
  readonly make: () => Promise<RemoteId>;
  /** Ids of everything at Telnyx that has the reference. */
  readonly find: () => Promise<readonly RemoteId[]>;
}

function makeOnce(context: WriterContext, making: Making): Promise<Made> {
  let lost = 0;
  return sendOnce<Made>({
    send: async () => {
      const id = await making.make();
      return { id, warning: lost === 0 ? null : await findDuplicate(context, making, lost, id) };
    },
    find: async () => {
      lost++;
      const [id, ...others] = await lookUp(context, making);
      return id === undefined ? null : { id, warning: describeLosses(making.noun, lost, id, others) };
    },
  });
}

async function lookUp(context: WriterContext, making: Making): Promise<readonly RemoteId[]> {
  for (const waitMs of LOOK_UP_WAITS_MS) {
    await context.wait(waitMs);
    const found = (await making.find()).filter((id) => !context.knownIds.has(id));
    if (found.length > 0) return found;
  }
  return [];
}

async function findDuplicate(
  context: WriterContext,
  making: Making,
  lost: number,
  id: RemoteId,
): Promise<string | null> {
  let found: readonly RemoteId[];
  try {
    found = await making.find();
  } catch (error) {
    if (!(error instanceof InterruptedError || error instanceof UnreachableError)) throw error;
    return `an answer was lost, and there may be a duplicate ${making.noun} beside ${id}: that could not be looked up`;
  }
  const others = found.filter((other) => other !== id && !context.knownIds.has(other));
  return describeLosses(making.noun, lost, id, others);
}

/** As many as were lost may have been made beside the one that is used, and lists may lag. */
function describeLosses(
  noun: string,
  lost: number,
  id: RemoteId,
  others: readonly RemoteId[],
): string | null {
  if (others.length > 0) {
    return `an answer was lost and a duplicate ${noun} was made: ${others.join(', ')} beside ${id}; it is not deleted`;
  }
  if (lost === 1) return null;
  return `${lost} answers were lost, and there may be a duplicate ${noun} beside ${id} that lists do not show yet`;
}

export async function patch(
  context: WriterContext,
  id: RemoteId,
  values: readonly ValueToWrite[],
  reference: string | null,
): Promise<void> {
  await patchGroup(context.client, id, { reference, values });
}

/** Reads the group and compares what was written: a 200 is no proof (measured on other resources). */
export async function confirmValues(
  context: WriterContext,
  id: RemoteId,
  values: readonly ValueToWrite[],
  reference: string | null,
): Promise<ObservedGroup> {
  let missing: readonly string[] = [];
  let stored: string | null = null;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await context.wait(waitMs);
    const group = await readBack(context, id);
    if (group === null) {
      missing = ['the group itself'];
      continue;
    }
    missing = [
      ...values
        .filter((value) => !isHeld(group, value))
        .map(({ requirementId }) => `requirement ${requirementId}`),
      ...(reference !== null && !sameReference(group.reference, reference) ? ['customer_reference'] : []),
    ];
    if (missing.length === 0) return group;
    stored = group.reference;
  }
  const isMade = !context.knownIds.has(id);
  if (isMade && reference !== null && missing.join() === 'customer_reference') {
    throw referenceNotKept('requirement group', id, { sent: reference, stored });
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the group back shows no change of ${missing.join(', ')}`,
  );
}

function readBack(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessGone(() => getGroup(context.client, id));
}

function isHeld(group: ObservedGroup, written: ValueToWrite): boolean {
  const held = group.requirements.findLast(
    (requirement) => requirement.requirementId === written.requirementId,
  );
  return held !== undefined && normaliseDate(reveal(held.value)) === normaliseDate(reveal(written.value));
}

/** Statuses in which nothing is left to submit. */
const SUBMITTED: ReadonlySet<string> = new Set(['pending-approval', 'approved']);

export function isSubmitted(group: ObservedGroup): boolean {
  return SUBMITTED.has(group.status);
}

/** Submits, and believes the status rather than the answer. */
export async function submit(context: WriterContext, id: RemoteId): Promise<ObservedGroup> {
  const submitted = await sendOnce({
    send: () => sendSubmission(context, id),
    find: () => awaitSubmission(context, id),
  });
  const group = submitted ?? (await awaitSubmission(context, id));
  if (group !== null) return group;
  throw new OperationError(
    'submit-without-effect',
    'Telnyx answered success to the submission, but the group is neither pending approval nor approved',
  );
}

/** Null when it was answered with success. Refused because somebody was faster: that is what was wanted. */
async function sendSubmission(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  try {
    await submitGroup(context.client, id);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    const group = await getGroup(context.client, id);
    if (isSubmitted(group)) return group;
    throw refusal;
  }
}

async function awaitSubmission(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  for (const waitMs of STATUS_WAITS_MS) {
    await context.wait(waitMs);
    const group = await getGroup(context.client, id);
    if (isSubmitted(group)) return group;
  }
  return null;
}

/** A group that is gone is deleted, whoever did it. */
export async function remove(context: WriterContext, id: RemoteId): Promise<void> {
  try {
    await deleteGroup(context.client, id);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  for (const waitMs of READ_BACK_WAITS_MS) {
    await context.wait(waitMs);
    if ((await readBack(context, id)) === null) return;
  }
  throw new OperationError(
    'delete-without-effect',
    `Telnyx answered success, but group ${id} is still there`,
  );
}
