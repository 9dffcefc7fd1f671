/** Leaves the fast reader from any depth, so that the full reader takes the text. */
export function giveUp(): never {
  throw GIVE_UP;
}

/** The thrown value is not an Error, because nobody needs its expensive stack trace. */
export const GIVE_UP = { message: 'not plain' };
