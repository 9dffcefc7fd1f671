import { InterruptedError, UnreachableError } from '../../model/errors.ts';
import type { RemoteId } from '../../model/resource.ts';
import { sendOnce } from './ambiguous-write.ts';
import type { WriterContext } from './writer.ts';

/** The waits before each look, because lists may lag behind writes. */
const LOOK_UP_WAITS_MS = [500, 1500, 3000] as const;

export interface Made {
  readonly id: RemoteId;
  /** The message for a person about a duplicate that an ambiguous write may have left, or null. */
  readonly warning: string | null;
}

interface Making {
  readonly noun: string;
  readonly make: () => Promise<RemoteId>;
  /** Returns the ids of everything at Telnyx that has the reference. */
  readonly find: () => Promise<readonly RemoteId[]>;
}

export function makeOnce(context: WriterContext, making: Making): Promise<Made> {
  let lost = 0;
  return sendOnce<Made>({
    send: async () => {
      const id = await making.make();
      return { id, warning: lost === 0 ? null : await findDuplicate(context, making, lost, id) };
    },
    find: async () => {
      lost++;
      const [id, ...others] = await lookUp(context, making);
      return id === undefined ? null : { id, warning: describeLosses(making.noun, lost, id, others) };
    },
  });
}

async function lookUp(context: WriterContext, making: Making): Promise<readonly RemoteId[]> {
  for (const waitMs of LOOK_UP_WAITS_MS) {
    await context.wait(waitMs);
    const found = (await making.find()).filter((id) => !context.knownIds.has(id));
    if (found.length > 0) return found;
  }
  return [];
}

async function findDuplicate(
  context: WriterContext,
  making: Making,
  lost: number,
  id: RemoteId,
): Promise<string | null> {
  let found: readonly RemoteId[];
  try {
    found = await making.find();
  } catch (error) {
    if (!(error instanceof InterruptedError || error instanceof UnreachableError)) throw error;
    return `an answer was lost, and there may be a duplicate ${making.noun} beside ${id}: that could not be looked up`;
  }
  const others = found.filter((other) => other !== id && !context.knownIds.has(other));
  return describeLosses(making.noun, lost, id, others);
}

/** Describes possible duplicates: each ambiguous write may have made one, and lists may lag. */
function describeLosses(
  noun: string,
  lost: number,
  id: RemoteId,
  others: readonly RemoteId[],
): string | null {
  if (others.length > 0) {
    return `an answer was lost and a duplicate ${noun} was made: ${others.join(', ')} beside ${id}; it is not deleted`;
  }
  if (lost === 1) return null;
  return `${lost} answers were lost, and there may be a duplicate ${noun} beside ${id} that lists do not show yet`;
}
