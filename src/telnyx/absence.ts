import { ApiError } from '../model/errors.ts';

/** What an id that is known stands for; null where it is gone. */
export function unlessGone<Row>(read: () => Promise<Row>): Promise<Row | null> {
  return unlessAnswered([404], read);
}

/** What an id that somebody wrote down stands for. 422 (invalid id) is how some endpoints say that there is no such thing. */
export function unlessUnknown<Row>(read: () => Promise<Row>): Promise<Row | null> {
  return unlessAnswered([404, 422], read);
}

async function unlessAnswered<Row>(
  statuses: readonly number[],
  read: () => Promise<Row>,
): Promise<Row | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError && statuses.includes(error.status)) return null;
    throw error;
  }
}
