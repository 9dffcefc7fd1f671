import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
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
} from './plan-inputs.ts';

/** Values that a group of `desiredGroup()` holds when nothing differs. */
export const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const FRENCH = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
const at = (line: number) => ({ file: 'groups/de.yaml', line, column: 1 });
const named = (name: string) => ({ reference: asReference(`regsync/acme/${name}`) });

/** One group of every kind. */
export function everything(): PlanInput {
  const groups = [
    desiredGroup({
      name: 'new',
      source: at(3),
      values: [textValue('x'), addressValue('Musterstraße 1', { name: 'acme-berlin' })],
      definitions: [CONTACT, LOCAL_ADDRESS],
    }),
    desiredGroup({
      name: 'edited',
      source: at(12),
      values: [textValue('changed'), documentValue('renewed', REGISTRATION)],
    }),
    desiredGroup({ name: 'moved', source: at(20), values: [textValue('x')], definitions: [CONTACT] }),
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
  return planInput({
    RequirementGroup: groups,
    observed,
    gates: { ...CLOSED_GATES, prune: true, allow_replace: true },
  });
}
