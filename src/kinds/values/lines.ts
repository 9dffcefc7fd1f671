import type { SourcePosition } from '../../model/problem.ts';

export interface NamedLine {
  readonly names: readonly string[];
  readonly source: SourcePosition;
}

/** Returns the names that share a line together, since people change what is there at once. */
export function byLine(
  named: readonly { readonly name: string; readonly source: SourcePosition }[],
): NamedLine[] {
  const lines = new Map<string, NamedLine>();
  for (const { name, source } of named) {
    const key = `${source.file}:${source.line}`;
    const { names = [] } = lines.get(key) ?? {};
    lines.set(key, { names: [...names, name], source });
  }
  return [...lines.values()];
}
