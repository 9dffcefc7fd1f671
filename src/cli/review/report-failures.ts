import type { Outcome } from '../../model/plan/outcome.ts';
import type { Note } from '../../render/annotations.ts';
import { errorLines } from '../../render/words/outcome-words.ts';

/** Returns an annotation for each error, at the line of the manifest, with what the API said. */
export function failureNotes(outcomes: readonly Outcome[]): Note[] {
  return outcomes.flatMap(({ name, status, error }) =>
    error === null
      ? []
      : [
          {
            severity: status === 'failed' ? ('error' as const) : ('warning' as const),
            code: error.code,
            message: `${name}: ${errorLines({ ...error, source: null }).join('\n')}`,
            ...(error.source === null ? {} : { source: error.source }),
          },
        ],
  );
}
