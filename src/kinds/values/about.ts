import type { Attention, AttentionCode } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { type Sentence, worded } from '../../model/text/sentence.ts';

/** Returns the attention that a manifest's object needs, at its first line unless another place is given. */
export function about(
  { name, source }: { readonly name: string; readonly source: SourcePosition },
  code: AttentionCode,
  message: Sentence,
  { file, line }: SourcePosition = source,
): Attention {
  return { code, name, ...worded(message), source: { file, line } };
}
