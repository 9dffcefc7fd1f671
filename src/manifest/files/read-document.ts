import { realPathOf } from '../../files/paths.ts';
import { explainDocument } from '../content/foreign-content.ts';
import { type Sample, sampleOf } from '../content/sample.ts';
import { Fault } from '../fault.ts';
import type { RepositoryPath } from './paths.ts';
import { readConfined, readRegularFile } from './read-confined.ts';

/** The largest document that Telnyx accepts (documented as 20 MB). */
export const MAX_DOCUMENT_BYTES = 20_000_000;

/** Reads a document of the repository, and refuses one that plainly has other content. */
export function readDocument(root: string, path: RepositoryPath): Buffer | Fault {
  return examine(path, readConfined(root, path, MAX_DOCUMENT_BYTES));
}

/** Reads a document at any path that a user gives. */
export function readDocumentAt(path: string): Buffer | Fault {
  return examine(path, readRegularFile(realPathOf(path), MAX_DOCUMENT_BYTES));
}

function examine(path: string, bytes: Buffer | Fault): Buffer | Fault {
  return bytes instanceof Fault ? withNextStep(bytes) : (explainBytes(path, bytes) ?? bytes);
}

/**
 * Explains what is wrong with the bytes of a document, or returns null.
 *
 * @param path the name of the document, whose ending states its type.
 */
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

/** Adds to a fault of any file the next step that is special to a document. */
export function withNextStep(fault: Fault): Fault {
  return fault.code === 'too-large' ? new Fault(fault.code, fault.message, SMALLER) : fault;
}

const SMALLER = 'Telnyx takes no larger document: scan it again in a lower resolution, or leave pages out.';
