import { hashAddressFields } from '../model/address.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { AddressField } from '../model/resource.ts';
import type { AddressRow } from '../telnyx/types.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import { statedFields } from './generate-value.ts';

/**
 * The encrypted texts of an import with `--encrypt`. Each use of a text has a ciphertext of its own, so that
 * equal values cannot be told by equal ciphertexts.
 */
export interface SealedTexts {
  /** The ciphertexts in ASCII armor, by the keys below. */
  readonly byUse: ReadonlyMap<string, string>;
  /** The plaintexts by ciphertext, with which the manifests are checked before they are written. */
  readonly plaintexts: ReadonlyMap<string, string>;
}

/** A text to encrypt, and the key of its use. */
export interface TextToSeal {
  readonly key: string;
  readonly text: string;
}

export function textKey(groupId: string, requirementId: string): string {
  return `text ${groupId} ${requirementId}`;
}

/** @param digest the result of `hashAddressFields`: equal addresses become one manifest. */
export function fieldKey(digest: string, field: AddressField): string {
  return `address ${digest} ${field}`;
}

/** Returns every text that manifests of these drafts contain, each use once. The country stays readable. */
export function textsToSeal(manifests: readonly GeneratedManifest[]): TextToSeal[] {
  const found = new Map<string, string>();
  for (const { group, values } of manifests) {
    for (const { requirement, content } of values) {
      if (content.kind === 'text') found.set(textKey(group.id, requirement.id), reveal(content.text));
      if (content.kind === 'address')
        for (const [key, text] of fieldsToSeal(content.address)) found.set(key, text);
    }
  }
  return [...found].map(([key, text]) => ({ key, text }));
}

function fieldsToSeal(address: AddressRow): [key: string, text: string][] {
  const digest = hashAddressFields(address.fields);
  return statedFields(address).flatMap(([field, text]) =>
    field === 'country_code' ? [] : [[fieldKey(digest, field), text]],
  );
}
