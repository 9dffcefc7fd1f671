import type { Problem } from '../../model/problem.ts';
import { Misplaced } from '../fault.ts';
import { findConflict } from './common-mistakes.ts';
import { NodeReader } from './node-reader.ts';
import { readPlainYaml } from './read-plain-yaml.ts';
import type { SourceText } from './source.ts';
import { composeDocuments, splitDocuments } from './split-documents.ts';
import { tokenise } from './tokenise.ts';
import type { YamlNode } from './yaml-node.ts';

export interface YamlStream {
  /** The documents without a fault. */
  readonly documents: readonly YamlNode[];
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2 (core schema) from any author. Takes the fast reader first. */
export function readYaml(source: SourceText): YamlStream {
  const plain = readPlainYaml(source.text);
  return plain === null ? readAnyYaml(source) : { documents: plain, problems: [] };
}

/**
 * Reads all of YAML, and explains everything that can be wrong with it. The library composes nodes
 * recursively, so the nesting is limited before, while the iterative parser builds its stack. Keys are
 * compared here, since the library needs quadratic time for it. Its messages are replaced, since some of them
 * quote the source.
 */
export function readAnyYaml(source: SourceText): YamlStream {
  const conflict = findConflict(
    source,
    'Keep the lines that you want of either side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>.',
  );
  if (conflict !== null) return { documents: [], problems: [conflict] };
  const tokens = tokenise(source);
  if (tokens instanceof Misplaced) {
    return { documents: [], problems: [source.problem(tokens.at, tokens.fault)] };
  }
  const documents: YamlNode[] = [];
  const misplaced: Misplaced[] = [];
  for (const part of splitDocuments(composeDocuments(tokens.cst), tokens.misplaced, source.text)) {
    if (part.misplaced !== null) {
      misplaced.push(part.misplaced);
      continue;
    }
    const reader = new NodeReader(source);
    const node = reader.read(part.contents, part.at);
    reader.refuseUnusedAnchors();
    if (reader.misplaced.length === 0) documents.push(node);
    else for (const found of reader.misplaced) misplaced.push(found);
  }
  return { documents, problems: misplaced.map(({ at, fault }) => source.problem(at, fault)) };
}
