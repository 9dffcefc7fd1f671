import { expect, it } from 'vitest';
import { startRun } from '../../src/apply/run.ts';
import { observedAddress, observedDocument, observedGroup, observedWorld } from '../support/worlds.ts';

it('a run takes nothing that was there before for something that it has made', () => {
  const observed = observedWorld({
    matches: {
      'de-local': {
        group: observedGroup({}, { id: 'successor' as never }),
        superseded: [observedGroup({}, { id: 'old' as never })],
      },
    },
    documents: [observedDocument('doc-1', 'registration')],
    addresses: [observedAddress('addr-1', 'Musterstraße 1')],
  });
  const { writer } = startRun({
    changes: [],
    observed,
    client: {} as never,
    readDocument: async () => Buffer.alloc(0),
    parallelism: 1,
    signal: new AbortController().signal,
    wait: async () => {},
    onProgress: () => {},
  });
  expect([...writer.knownIds].sort()).toEqual(['addr-1', 'doc-1', 'old', 'successor']);
});
