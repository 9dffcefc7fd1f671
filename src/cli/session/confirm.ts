import { RefusedError } from '../../model/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * Asks a person for a yes. Anything else than the whole word is a no.
 *
 * @param question such as `Apply this plan?`.
 * @throws RefusedError with `otherwise` if the answer is a no.
 */
export async function confirm(
  terminal: Pick<Terminal, 'ask'>,
  question: string,
  otherwise: string,
): Promise<void> {
  const answer = await terminal.ask(`\n${question} Type "yes" to continue: `);
  if (answer.trim() !== 'yes') throw new RefusedError(otherwise);
}
