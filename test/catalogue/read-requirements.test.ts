import { describe, expect, it } from 'vitest';
import { readLock, readRequirements } from '../../src/catalogue/read-requirements.ts';
import type { ApiErrorDetail } from '../../src/model/errors.ts';
import { ApiError } from '../../src/model/errors.ts';
import type { Lock } from '../../src/model/lock.ts';
import { answering } from '../telnyx/memory-client.ts';

const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const FR = { ...DE, countryCode: 'FR' };
const NO_DETAILS: readonly ApiErrorDetail[] = [];

/** Both countries demand one thing, called by its name; a second version is scheduled for France. */
function telnyx(name = 'Contact') {
  return answering(({ template, query }) => {
    const country_code = query['filter[country_code]'];
    if (template === '/regulatory_requirements')
      return new ApiError(404, `GET ${template}`, NO_DETAILS, null);
    const isNext = query.version !== undefined;
    if (isNext && country_code !== 'FR') return [];
    const row = { country_code, phone_number_type: 'local', action: 'ordering' };
    return [
      {
        ...row,
        id: `${country_code}`,
        version: isNext ? 2 : 1,
        requirement_types: [{ id: isNext ? 'new' : 'r', name, type: 'textual' }],
      },
    ];
  });
}

const given = { previous: null, added: [], isSample: false };

describe('what is demanded, as a lock', () => {
  it('holds the catalogue and what is scheduled for it', async () => {
    const { catalogue, lock } = await readLock(telnyx(), [FR, DE], { ...given, added: [DE], isSample: true });
    expect([...catalogue.keys()]).toEqual(['FR/local/ordering', 'DE/local/ordering']);
    expect(lock.isSample).toBe(true);
    expect(lock.sets.map(({ combination, added, next }) => [combination, added, next])).toEqual([
      [DE, true, null],
      [
        FR,
        false,
        {
          version: 2,
          effectiveAt: null,
          adds: [{ id: 'new', name: 'Contact' }],
          removes: [{ id: 'r', name: 'Contact' }],
        },
      ],
    ]);
  });
});

describe('what is demanded today', () => {
  const lockNow = async (combinations: readonly (typeof DE)[]): Promise<Lock> =>
    (await readLock(telnyx(), combinations, { ...given, added: [DE] })).lock;

  it('is the catalogue alone where there is no lock', async () => {
    const client = telnyx();
    const { catalogue, changes } = await readRequirements(client, [DE], null);
    expect([...catalogue.keys(), changes]).toEqual(['DE/local/ordering', []]);
    expect(client.asked.filter(({ query }) => query.version !== undefined)).toEqual([]);
  });

  it('is compared with the lock, where that knows the combination', async () => {
    const lock = await lockNow([DE, FR]);
    const shown = async (name: string, combinations: readonly (typeof DE)[], before = lock) => {
      const { changes } = await readRequirements(telnyx(name), combinations, before);
      return changes.map(({ combination, status }) => `${combination} ${status}`);
    };
    expect(await shown('Contact', [DE, FR])).toEqual([
      'DE/local/ordering unchanged',
      'FR/local/ordering unchanged',
    ]);
    expect(await shown('Contact Person', [DE])).toEqual(['DE/local/ordering changed']);
    // Of what this run does not ask for, nothing is said; nor of what is not locked yet.
    expect(await shown('Contact', [FR], await lockNow([DE]))).toEqual([]);
    expect(await shown('Contact', [DE, FR], await lockNow([DE]))).toEqual(['DE/local/ordering unchanged']);
  });

  it('is a sample where the lock is one, so that it is not taken for a change', async () => {
    const lock = { ...(await lockNow([DE])), isSample: true };
    const { changes } = await readRequirements(telnyx(), [DE], lock);
    expect(changes.map(({ status }) => status)).toEqual(['unchanged']);
  });
});
