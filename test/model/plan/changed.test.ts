import { expect, it } from 'vitest';
import { type RemovedManifest, uniteChanges } from '../../../src/model/plan/changed.ts';

it('plans of several changes leave behind each group that one of them does, also of one manifest', () => {
  const removed = (reference: string, rest: Partial<RemovedManifest> = {}): RemovedManifest => ({
    kind: 'RequirementGroup',
    name: 'a',
    reference,
    ...rest,
  });
  const renamed = removed('regsync/acme/a', { means_other: true, keeps: 'it says so' });
  const gone = removed('PO 7');
  const all = [renamed, gone, gone].map((one) => ({ since: 'main', names: [], removed: [one] }));
  expect(uniteChanges(all)).toEqual({ since: 'main', names: [], removed: [renamed, gone] });
});
