import { typeInWords } from '../../manifest/content/file-type.ts';
import { Fault } from '../../manifest/fault.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import type { Origin } from '../../manifest/manifest.ts';
import { NO_DAY } from '../../manifest/mistakes/pattern-faults.ts';
import type { DocumentDigest, Resolution, StatedPlace } from '../../manifest/resolution.ts';
import { quotedPath } from '../../manifest/visible.ts';
import type { DocumentFields } from '../../model/fields.ts';
import { plaintextPath } from '../../model/privacy/encrypted-path.ts';
import type { DesiredDocument } from '../../model/resource.ts';
import { isDay } from '../../model/text/normal-text.ts';
import { NOT_READ, sayWhere, textPath } from '../stated/text-source.ts';

const DOCUMENT_EXTENSIONS = ['pdf', 'png', 'jpg', 'jpeg', 'csv', 'txt', 'json', 'doc', 'docx', 'xls', 'xlsx'];

const DOCUMENT_NAME = new RegExp(`[^/]\\.(?:${DOCUMENT_EXTENSIONS.join('|')})$`, 'i');

/** Returns true for a file, encrypted or not, of a type that Telnyx takes, judged by its name. */
export function isDocumentName(path: string): boolean {
  return DOCUMENT_NAME.test(plaintextPath(path));
}

export function documentPath(origin: Origin, written: string): RepositoryPath | Fault {
  const path = textPath(origin, written);
  if (path instanceof Fault) return path;
  if (isDocumentName(path)) return path;
  const message = `Telnyx does not take documents of this type: ${quotedPath(written)}`;
  return new Fault(
    'unknown-document-type',
    message,
    `Convert it to one of ${DOCUMENT_EXTENSIONS.join(', ')}.`,
  );
}

export function resolveDocument(
  fields: DocumentFields,
  place: StatedPlace,
  resolution: Resolution,
): DesiredDocument | null {
  const { origin, name } = place;
  let isSound = true;
  const report = (key: string, fault: Fault): void => {
    resolution.problems.push(origin.problem([...place.path, key], fault));
    isSound = false;
  };
  if (fields.expires !== undefined && !isDay(fields.expires)) {
    report('expires', NO_DAY);
  }
  warnOfExpiry(fields.expires, place, resolution);
  const path = documentPath(origin, fields.file);
  if (path instanceof Fault) {
    report('file', path);
    return null;
  }
  const digest = resolution.files.documents.get(path) ?? NOT_READ;
  if (digest instanceof Fault) {
    report('file', sayWhere(digest.about(fields.file), path));
    return null;
  }
  const sha256 = digest.sha256 ?? fields.sha256;
  if (sha256 === undefined) {
    report('file', UNPINNED);
    return null;
  }
  if (fields.sha256 !== undefined && fields.sha256 !== sha256) {
    report('sha256', explainMismatch(fields.sha256, digest));
  }
  if (digest.isUnrecognised) warnOfContent(path, place, resolution);
  if (digest.sha256 !== null) warnOfPlaintext(path, place, resolution);
  if (!isSound) return null;
  const source = origin.positionOnDemand(place.path);
  return { name, path, sha256, bytes: digest.bytes, expires: fields.expires ?? null, source };
}

function explainMismatch(pinned: string, { sha256, withOtherLineEnds: other }: DocumentDigest): Fault {
  if (other === undefined || other.sha256 !== pinned) {
    const hint = `If you changed the file on purpose, write sha256: ${sha256}`;
    return new Fault('digest-mismatch', 'the file differs from the one that "sha256" pins', hint);
  }
  return new Fault(
    'digest-mismatch',
    `the file differs from the one that "sha256" pins in its line ends alone, which should be ${other.lineEnds}`,
    'Git changed its line ends: add the line `documents/** -text` to .gitattributes (with the folder of this file), and check the file out again.',
  );
}

/**
 * Warns of bytes of no known type, because Telnyx or a reviewer may refuse them. They may be right
 * nonetheless.
 */
function warnOfContent(
  path: RepositoryPath,
  place: StatedPlace,
  { options, unrecognised, problems }: Resolution,
): void {
  if (!options.warnsOfContent || unrecognised.has(path)) return;
  unrecognised.add(path);
  const message = `${quotedPath(path)} does not begin like ${typeInWords(path)}`;
  const hint = 'Open the file, and check that it is complete and of that type.';
  const fault = new Fault('unrecognised-content', message, hint);
  problems.push(place.origin.problem([...place.path, 'file'], fault, 'warning'));
}

const UNPINNED = new Fault(
  'missing-digest',
  'an encrypted document needs "sha256" beside "file": the digest of its plaintext',
  'Run `regsync encrypt FILE` on the plaintext: it prints the line to paste here.',
);

/** Warns only if no plan is made, because a plan reports the documents in use. */
function warnOfExpiry(
  expires: string | undefined,
  { origin, path }: StatedPlace,
  { options, problems }: Resolution,
): void {
  if (expires === undefined || options.today === undefined || !isDay(expires) || expires >= options.today)
    return;
  problems.push(origin.problem([...path, 'expires'], EXPIRED, 'warning'));
}

const EXPIRED = new Fault(
  'expired',
  '"expires" is in the past',
  'Replace the document by a valid one, and write the new day into "expires".',
);

/** Warns once for each file, where it is first named. */
function warnOfPlaintext(
  path: RepositoryPath,
  place: StatedPlace,
  { options, plaintexts, problems }: Resolution,
): void {
  if (!options.warnsOfPlaintext || plaintexts.has(path)) return;
  plaintexts.add(path);
  const hint =
    'Run `regsync encrypt --update FILE`, or write "allow_plaintext_documents: true" into regsync.yaml.';
  const fault = new Fault('plaintext-document', `${quotedPath(path)} is not encrypted`, hint);
  problems.push(place.origin.problem([...place.path, 'file'], fault, 'warning'));
}
