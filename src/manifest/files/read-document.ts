import { realPathOf } from '../../files/paths.ts';
import { explainDocument } from '../content/foreign-content.ts';
import { type Sample, sampleOf } from '../content/sample.ts';
import { Fault } from '../fault.ts';
import { LARGEST_DOCUMENT_BYTES } from './limits.ts';
import type { RepositoryPath } from './paths.ts';
import { readConfined, readRegularFile } from './read-confined.ts';

/** Reads a document of the repository, and refuses what is plainly none. */
export function readDocument(root: string, path: RepositoryPath): Buffer | Fault {
  const bytes = readConfined(root, path, LARGEST_DOCUMENT_BYTES);
  return bytes instanceof Fault ? withNextStep(bytes) : (explainBytes(path, bytes) ?? bytes);
}

/** A document that a person names, wherever it lies. */
export function readDocumentAt(path: string): Buffer | Fault {
  const bytes = readRegularFile(realPathOf(path), LARGEST_DOCUMENT_BYTES);
  return bytes instanceof Fault ? withNextStep(bytes) : (explainBytes(path, bytes) ?? bytes);
}

/** @param path what the bytes are named, which says of what type they are. */
export function explainBytes(path: string, bytes: Buffer): Fault | null {
  return explainSample(path, sampleOf(bytes));
}

export function explainSample(path: string, sample: Sample): Fault | null {
  return sample.bytes === 0 ? EMPTY_DOCUMENT : explainDocument(path, sample);
}

export const EMPTY_DOCUMENT = new Fault(
  'empty-file',
  'the document is empty',
  'Put the whole document there again: a copy or a download may have failed.',
);

/** Of the faults that any file may have, the one that needs another answer for a document. */
export function withNextStep(fault: Fault): Fault {
  return fault.code === 'too-large' ? new Fault(fault.code, fault.message, SMALLER) : fault;
}

const SMALLER = 'Telnyx takes no larger document: scan it again in a lower resolution, or leave pages out.';
