/** Leaves the short way through YAML, from any depth: the text is for the reader that knows all of it. */
export function giveUp(): never {
  throw GIVE_UP;
}

/** No Error: nobody wants its stack trace, which takes longer than a file. */
export const GIVE_UP = { message: 'not plain' };
