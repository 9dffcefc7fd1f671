import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBreaks, type PublicInterface, readPublicInterface } from '../support/public-interface.ts';
import { ROOT } from '../support/root.ts';

/**
 * What the last release promised: `scripts/release.mjs --prepare` writes it, with what has come since. Before 1.0.0 it is empty,
 * and a new major version begins with an empty one.
 */
const PATH = join(ROOT, 'test/golden/interface.json');
const frozen = JSON.parse(readFileSync(PATH, 'utf8')) as PublicInterface;

let current: PublicInterface;
beforeAll(async () => {
  current = await readPublicInterface();
});

describe('what docs/compatibility.md freezes', () => {
  it('is all still there, and demands nothing that it did not demand in the last release', () => {
    expect(findBreaks(frozen, current)).toEqual([]);
  });

  it('is read from the help pages, action.yml, the schemas and the types of the outputs', () => {
    expect(current.offers).toEqual(
      expect.arrayContaining([
        'exit code 5 refused',
        'command apply --plan <file>',
        'command plan --format markdown',
        'command ci step drift',
        'action input command, usually plan',
        'action output fingerprint',
        'manifest RequirementGroup.requirements',
        'config.scope',
        'plan.format_version is 1.0',
        'output StatusReport.groups',
        'output Outcome.status',
        'output ErrorReport.error',
      ]),
    );
    expect(current.demands).toEqual(
      expect.arrayContaining(['command new <country>', 'config.kind', 'manifest RequirementGroup.name']),
    );
  });

  it.runIf(process.env.REGSYNC_FREEZE)('is written down for the next release', () => {
    writeFileSync(PATH, `${JSON.stringify(current, null, 1)}\n`);
  });
});

describe('a change of it', () => {
  const before: PublicInterface = {
    offers: ['command plan', 'command plan --out <file>', 'config.expiry', 'config.expiry.warn_days'],
    demands: ['command new <country>', 'config.kind'],
  };

  it.each<[string, Partial<PublicInterface>]>([
    ['nothing differs', {}],
    ['a command and a key are new', { offers: [...before.offers, 'command show', 'config.policies'] }],
    ['a new command demands an argument', { demands: [...before.demands, 'command show <plan>'] }],
    ['a new key has keys that must be given', { demands: [...before.demands, 'config.policies[].file'] }],
    ['less is demanded', { demands: [] }],
  ])('breaks nobody where %s', (_, after) => {
    expect(findBreaks(before, { ...before, ...after })).toEqual([]);
  });

  it.each<[string, Partial<PublicInterface>, string]>([
    [
      'a flag is gone',
      { offers: before.offers.filter((line) => !line.includes('--out')) },
      'command plan --out <file> is gone',
    ],
    [
      'a command wants one more argument',
      { demands: [...before.demands, 'command plan <path>'] },
      'command plan <path> must be given',
    ],
    [
      'a key that was there must have another one',
      { demands: [...before.demands, 'config.expiry.unit'] },
      'config.expiry.unit must be given',
    ],
  ])('breaks somebody where %s', (_, after, sentence) => {
    expect(findBreaks(before, { ...before, ...after })).toEqual([sentence]);
  });
});
