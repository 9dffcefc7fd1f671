import { ApiError } from '../model/errors.ts';

/** Reads a row by a known id. Returns null if it is gone. */
export function unlessGone<Row>(read: () => Promise<Row>): Promise<Row | null> {
  return unlessAnswered([404], read);
}

/**
 * Reads a row by an id that a person wrote down. Some endpoints answer 422 (invalid id) for an id that does
 * not exist.
 */
export function unlessUnknown<Row>(read: () => Promise<Row>): Promise<Row | null> {
  return unlessAnswered([404, 422], read);
}

/** Asks for something that Telnyx may not offer. How it then answers is not documented. */
export function unlessRefused<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  return unlessAnswered([400, 404, 422], ask);
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
