import { Fault } from '../manifest/fault.ts';
import { readManifest } from '../manifest/files/read-text.ts';
import type { Repository } from '../manifest/repository.ts';
import { readYaml } from '../manifest/yaml/read-yaml.ts';
import { SourceText } from '../manifest/yaml/source.ts';
import type { YamlNode } from '../manifest/yaml/yaml-node.ts';
import { MANAGED_KINDS } from '../model/kinds.ts';
import {
  type Combination,
  GROUP_ACTIONS,
  type GroupAction,
  PHONE_NUMBER_TYPES,
  type PhoneNumberType,
} from '../model/resource.ts';
import { listRepositoryFiles } from './load.ts';

/** The name and the purpose of a manifest. */
export interface GroupHead {
  readonly name: string;
  /** The path relative to the root. */
  readonly file: string;
  /** The purpose. Null if the manifest does not state it clearly. */
  readonly combination: Combination | null;
}

/**
 * Reads the groups of a repository, also from manifests that are not finished or wrong further down. The
 * result is for finding a manifest by its name, never for concluding what is wanted. An unreadable manifest
 * is skipped.
 */
export async function readGroupHeads(repository: Repository): Promise<GroupHead[]> {
  return readHeads(repository, new Set(['RequirementGroup']));
}

/** Reads the same of every kind that a run can be narrowed to. Orders have no combination. */
export async function readTargetHeads(repository: Repository): Promise<GroupHead[]> {
  return readHeads(repository, new Set(MANAGED_KINDS));
}

async function readHeads(repository: Repository, kinds: ReadonlySet<string | null>): Promise<GroupHead[]> {
  const heads: GroupHead[] = [];
  for (const path of listRepositoryFiles(repository)) {
    const text = readManifest(repository.root, path);
    if (text instanceof Fault) continue;
    for (const node of readYaml(new SourceText(path, text)).documents) {
      const name = textOf(node, 'name');
      if (!kinds.has(textOf(node, 'kind')) || name === null || !GROUP_NAME.test(name)) continue;
      heads.push({ name, file: path, combination: combinationOf(node) });
    }
  }
  return heads;
}

/** The schema's pattern for names, which end up in paths and on command lines. */
export const GROUP_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

function combinationOf(node: YamlNode): Combination | null {
  const countryCode = textOf(node, 'country_code') ?? '';
  const phoneNumberType = textOf(node, 'phone_number_type') ?? '';
  const action = textOf(node, 'action') ?? '';
  if (!/^[A-Z]{2}$/.test(countryCode) || !isPhoneNumberType(phoneNumberType) || !isGroupAction(action)) {
    return null;
  }
  return { countryCode, phoneNumberType, action };
}

function textOf(node: YamlNode, key: string): string | null {
  const value = node.entries.get(key)?.node.value;
  return typeof value === 'string' ? value : null;
}

export function isPhoneNumberType(text: string): text is PhoneNumberType {
  return PHONE_NUMBER_TYPES.some((type) => type === text);
}

export function isGroupAction(text: string): text is GroupAction {
  return GROUP_ACTIONS.some((action) => action === text);
}
