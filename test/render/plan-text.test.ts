import { describe, expect, it } from 'vitest';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { coloured, plain } from '../../src/render/paint.ts';
import { renderPlanText } from '../../src/render/plan-text.ts';
import { describedPlan } from '../support/plans.ts';
import {
  addressValue,
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
} from '../support/worlds.ts';

const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const FRENCH = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
const at = (line: number) => ({ file: 'groups/de.yaml', line, column: 1 });
const named = (name: string) => ({ reference: asReference(`regsync/acme/${name}`) });

/** One group of every kind. */
function everything() {
  const groups = [
    desiredGroup({
      name: 'new',
      source: at(3),
      values: [textValue('x'), addressValue('Musterstraße 1', { name: 'acme-berlin' })],
      demands: [CONTACT, LOCAL_ADDRESS],
    }),
    desiredGroup({
      name: 'edited',
      source: at(12),
      values: [textValue('changed'), documentValue('renewed', REGISTRATION)],
    }),
    desiredGroup({ name: 'moved', source: at(20), values: [textValue('x')], demands: [CONTACT] }),
    desiredGroup({
      name: 'adopted',
      source: at(30),
      id: { id: asRemoteId('g'), source: at(31) },
      statesReference: true,
    }),
    desiredGroup({ name: 'waiting', source: at(40) }),
    desiredGroup({ name: 'declined', source: at(50) }),
    desiredGroup({ name: 'fine', source: at(60) }),
  ];
  const declined = observedGroup(HELD, {
    id: asRemoteId('id-declined'),
    status: 'declined',
    requirementStatus: 'declined',
    ...named('declined'),
  });
  const match = (
    group: ReturnType<typeof observedGroup> | null,
    superseded: ReturnType<typeof observedGroup>[] = [],
  ) => ({ group, superseded });
  const observed = observedWorld({
    matches: {
      new: match(null),
      edited: match(
        observedGroup(HELD, { id: asRemoteId('id-edited'), status: 'approved', ...named('edited') }),
      ),
      moved: match(null, [
        observedGroup(
          {},
          { id: asRemoteId('id-moved'), combination: FRENCH, status: 'approved', ...named('moved') },
        ),
      ]),
      adopted: match(
        observedGroup(HELD, {
          id: asRemoteId('id-adopted'),
          status: 'approved',
          reference: asReference('OLD REF'),
        }),
      ),
      waiting: match(observedGroup(HELD, { id: asRemoteId('id-waiting'), ...named('waiting') })),
      declined: match(declined),
      fine: match(observedGroup(HELD, { id: asRemoteId('id-fine'), status: 'approved', ...named('fine') })),
    },
    orphans: [
      observedGroup({}, { id: asRemoteId('id-gone'), ...named('gone') }),
      observedGroup({}, { id: asRemoteId('id-kept'), status: 'approved', ...named('kept') }),
    ],
    documents: [observedDocument('doc-1', 'registration')],
    comments: new Map([
      [
        declined.id,
        [{ body: 'illegible scan\u001b[2J', byReviewer: true, createdAt: '2026-05-01T00:00:00Z' }],
      ],
    ]),
  });
  return planInput({ groups, observed, gates: { prune: true, allowReplace: true, allowDelete: new Set() } });
}

describe('a plan on a terminal', () => {
  it('shows every kind of change, attention, and the line that scripts look for', async () => {
    await expect(renderPlanText(describedPlan(everything()), plain)).toMatchFileSnapshot(
      '../golden/plan-everything.txt',
    );
  });

  it('says no more and no less with colours', () => {
    const plan = describedPlan(everything());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is removed
    const bare = renderPlanText(plan, coloured).replace(/\u001b\[\d+m/g, '');
    expect(bare).toBe(renderPlanText(plan, plain));
  });

  it('lets no control character through, whoever wrote it', () => {
    const text = renderPlanText(describedPlan(everything()), plain);
    expect(text).toContain('illegible scan\\u001b[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('says why a plan cannot be applied', () => {
    const { gates, ...input } = everything();
    const closed = renderPlanText(
      describedPlan({ ...input, gates: { ...gates, allowReplace: false } }),
      plain,
    );
    expect(closed).toContain('--allow-replace is needed');
    expect(closed).toContain('This plan cannot be applied');
    expect(closed.trimEnd().split('\n').at(-1)).toBe(
      'Plan: 1 to create, 1 to update, 1 to replace, 1 to adopt, 1 to delete, 4 to submit.',
    );
  });

  it.each([
    [0, 'No changes. 0 groups match their manifests.'],
    [1, 'No changes. 1 group matches its manifest.'],
    [2, 'No changes. 2 groups match their manifests.'],
  ])('with nothing to do and %i groups', (count, line) => {
    const names = Array.from({ length: count }, (_, index) => `group-${index}`);
    const matches = Object.fromEntries(
      names.map((name) => [name, { group: observedGroup(HELD, { status: 'approved' }), superseded: [] }]),
    );
    const input = planInput({
      groups: names.map((name) => desiredGroup({ name })),
      observed: observedWorld({ matches, documents: [observedDocument('doc-1', 'registration')] }),
    });
    expect(renderPlanText(describedPlan(input), plain).trimEnd().split('\n').at(-1)).toBe(line);
  });
});
