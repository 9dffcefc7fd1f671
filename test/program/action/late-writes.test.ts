import { afterEach, describe, expect, it } from 'vitest';
import { type ActionStage, openActionStage } from '../../support/action-stage.ts';
import { callApi } from '../../support/orders.ts';
import { germanGroup } from '../../support/rehearsal.ts';

let stage: ActionStage;
const APPLY = { command: 'apply' };
const bodyOf = (number: number) => stage.comments(number)[0]?.body ?? '';
afterEach(async () => {
  await stage.end();
});

describe('A comment that is written late', () => {
  it('does not count as reviewed if its pull request was merged between two attempts of the write', async () => {
    stage = await openActionStage({ 'groups/de.yaml': germanGroup() });
    expect((await stage.rehearsal.run(['apply', '--yes'])).code).toBe(0);
    // The pull request brings nothing that differs at Telnyx: its reviewed plan is empty.
    const pushed = await stage.pushToPull(7, { 'README.md': 'text' });
    expect((await stage.run(pushed)).code).toBe(0);
    const seen = bodyOf(7);
    // Somebody deletes the group by hand, the plan job runs again, and GitHub refuses its first attempt.
    const [group] = (await stage.rehearsal.state()).groups;
    await callApi(stage.rehearsal, 'DELETE', `/requirement_groups/${group?.id}`);
    stage.github.forget();
    stage.github.trouble({ method: 'PATCH', path: /comments/, status: 502 });
    const late = stage.run(pushed);
    while (!stage.github.asked.some(({ method }) => method === 'PATCH'))
      await new Promise((done) => setImmediate(done));
    expect(bodyOf(7)).toBe(seen);
    const { code } = await stage.run(stage.merge(7), APPLY);
    await late;
    expect(code).toBe(5);
    expect((await stage.rehearsal.state()).groups).toEqual([]);
  });

  it('does not stay at "Applying" if the answer of a write that was done was lost', async () => {
    stage = await openActionStage({});
    expect((await stage.run(await stage.pushToPull(7, { 'groups/de.yaml': germanGroup() }))).code).toBe(0);
    const merged = stage.merge(7);
    const match = { method: 'POST', path: 'requirement_groups$', nth: 1 };
    await stage.rehearsal.control('faults', { kind: 'status', status: 422, match });
    expect((await stage.run(merged, APPLY)).code).toBe(4);
    await stage.rehearsal.control('faults', { kind: 'status', status: 422, match });
    stage.github.trouble({ method: 'PATCH', path: /comments/, status: 502, isDone: true, times: 6 });
    await stage.run(merged, APPLY);
    expect(bodyOf(7)).not.toMatch(/pplying/);
  });
});
