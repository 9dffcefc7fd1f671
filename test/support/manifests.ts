import type { Selected } from '../../src/model/kinds.ts';
import { byKind, type DesiredByKind } from '../../src/model/kinds.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import {
  asRemoteId,
  type Desired,
  type DesiredContent,
  type DesiredGroup,
  type DesiredNumberOrder,
  type DesiredPortingOrder,
  type DesiredRequirement,
  type GroupLink,
  type PinnedId,
} from '../../src/model/resource.ts';
import { desiredGroup, SCOPE } from './plan-inputs.ts';

/** Manifests as they are read, before their requirements are known by id. */

const place = (line: number) => ({ file: 'groups/a.yaml', line, column: 1 });

export function groupManifest(name: string, given: Partial<DesiredGroup> = {}): DesiredGroup {
  const { values: _, definitions: __, ...group } = desiredGroup({ name });
  return { ...group, requirements: [], ...given };
}

/** Of the numbers that end in these digits. */
export function numberManifest(
  name: string,
  given: Partial<DesiredNumberOrder> = {},
  ...endings: readonly number[]
): DesiredNumberOrder {
  return {
    name,
    reference: references.numberOrder(SCOPE, name),
    statesReference: false,
    id: null,
    phoneNumbers: endings.map((ending, index) => ({
      number: new Sensitive(`+4930000000${ending}`),
      source: place(21 + index),
    })),
    settings: [],
    group: null,
    requirements: [],
    source: place(2),
    ...given,
  };
}

export function portingManifest(name: string, given: Partial<DesiredPortingOrder> = {}): DesiredPortingOrder {
  return {
    name,
    id: pinned(`id-${name}`),
    settings: [],
    group: null,
    requirements: [],
    source: place(3),
    ...given,
  };
}

/** At line 4. */
export function pinned(id: string): PinnedId {
  return { id: asRemoteId(id), source: place(4) };
}

/** At line 5. */
export function link(name: string): GroupLink {
  return { name, source: place(5) };
}

/** At line 6. */
export function stated(requirement: string, content: DesiredContent = TEXT): DesiredRequirement {
  return { requirement, content, source: place(6), contentSource: place(6) };
}

const TEXT: DesiredContent = { kind: 'text', text: new Sensitive('desk') };

export function manifests(given: Partial<Desired> = {}): Desired {
  return { scope: SCOPE, ...(byKind(() => []) as DesiredByKind), ...given };
}

export function selection(given: Partial<Record<keyof Selected, readonly string[]>> = {}): Selected {
  return byKind((kind) => new Set(given[kind]));
}
