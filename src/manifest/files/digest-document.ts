import { createHash, hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { isRecognised } from '../content/foreign-content.ts';
import { SAMPLE_BYTES, type Sample, sampleOf, tailOf } from '../content/sample.ts';
import { Fault } from '../fault.ts';
import type { DocumentDigest } from '../resolution.ts';
import type { RepositoryPath } from './paths.ts';
import { CHANGING, useConfined, withConfined } from './read-confined.ts';
import { explainSample, MAX_DOCUMENT_BYTES, withNextStep } from './read-document.ts';
import { explainLinkFrom } from './read-text.ts';

/** Computes a document's digest and size in chunks, so large documents need no more memory. */
export function digestDocument(root: string, path: RepositoryPath): DocumentDigest | Fault {
  const digest = withConfined(root, path, MAX_DOCUMENT_BYTES, (descriptor, size) =>
    digestInPieces(path, descriptor, size),
  );
  if (digest instanceof Fault) return withNextStep(digest);
  return isTextDocument(path) ? examineText(root, path, digest) : digest;
}

function digestInPieces(path: string, descriptor: number, size: number): DocumentDigest | Fault {
  if (size < PIECE.length) {
    const all = readPiece(descriptor);
    return all.length === size ? describeDigest(path, sampleOf(all), () => hash('sha256', all)) : CHANGING;
  }
  const whole = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let length = 0;
  while (length <= size) {
    const piece = readPiece(descriptor);
    if (piece.length === 0) break;
    if (length === 0) head = Buffer.from(piece.subarray(0, SAMPLE_BYTES));
    tail = Buffer.concat([tail, tailOf(piece)]).subarray(-SAMPLE_BYTES);
    whole.update(piece);
    length += piece.length;
  }
  if (length !== size) return CHANGING;
  return describeDigest(path, { head, tail, bytes: size }, () => whole.digest('hex'));
}

/** Returns the next chunk, which is valid until the following call. */
function readPiece(descriptor: number): Buffer {
  return PIECE.subarray(0, readSync(descriptor, PIECE, 0, PIECE.length, null));
}

const PIECE = Buffer.allocUnsafeSlow(256 * 1024);

function describeDigest(path: string, sample: Sample, digest: () => string): DocumentDigest | Fault {
  const fault = explainSample(path, sample);
  if (fault !== null) return fault;
  const known = { sha256: digest(), bytes: sample.bytes };
  return isRecognised(path, sample) ? known : { ...known, isUnrecognised: true };
}

/** Adds the digest that a text has with its other line ends, because a checkout may convert them. */
function examineText(root: string, path: RepositoryPath, digest: DocumentDigest): DocumentDigest | Fault {
  return useConfined<DocumentDigest>(root, path, MAX_DOCUMENT_BYTES, (bytes) => {
    const link = explainLinkFrom(root, path, sampleOf(bytes));
    if (link !== null) return link;
    const other = withOtherLineEnds(bytes.toString('latin1'));
    if (other === null) return digest;
    const sha256 = hash('sha256', Buffer.from(other.text, 'latin1'));
    return { ...digest, withOtherLineEnds: { lineEnds: other.lineEnds, sha256 } };
  });
}

function isTextDocument(path: string): boolean {
  return /\.(?:csv|txt|json)$/i.test(path);
}

/**
 * Returns the text with the other line ends, as another checkout may have it. Null if it has no line ends.
 */
function withOtherLineEnds(text: string): { readonly lineEnds: 'LF' | 'CRLF'; readonly text: string } | null {
  if (text.includes('\r\n')) return { lineEnds: 'LF', text: text.replaceAll('\r\n', '\n') };
  return text.includes('\n') ? { lineEnds: 'CRLF', text: text.replaceAll('\n', '\r\n') } : null;
}
