import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MANIFEST_VALIDATORS } from '../../src/manifest/validators.js';
import { KIND_WORDS, MANAGED_KINDS, OTHER_KINDS, SHOWN_KEYS } from '../../src/model/kinds.ts';
import { ROOT } from '../support/root.ts';

/** The compiler knows no schema. */
describe('each kind', () => {
  const kinds = Object.keys(SHOWN_KEYS).sort();

  it('has a schema of its manifests', () => {
    expect(Object.keys(MANIFEST_VALIDATORS).sort()).toEqual(kinds);
  });

  it('may stand in a plan, with its numbers', async () => {
    const { properties, $defs } = await schemaOf('plan');
    expect([...$defs.Change.properties.kind.enum].sort()).toEqual(kinds);
    expect([...$defs.Diagnostic.properties.kind.enum].sort()).toEqual(kinds);
    expect($defs.RemovedManifest.properties.kind.enum).toEqual(MANAGED_KINDS);
    expect(Object.keys(properties.summary.properties)).toEqual(expect.arrayContaining(PLURALS));
  });

  it('that is managed comes after the groups', () => {
    expect(MANAGED_KINDS).toEqual(['RequirementGroup', ...OTHER_KINDS]);
  });
});

const PLURALS = OTHER_KINDS.map((kind) => KIND_WORDS[kind].plural);

async function schemaOf(output: string) {
  return JSON.parse(await readFile(join(ROOT, `schemas/${output}.schema.json`), 'utf8'));
}
