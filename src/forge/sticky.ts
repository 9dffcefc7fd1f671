import type { ForgeText, Shelf, TextFields } from './forge.ts';
import { ForgeError } from './forge-error.ts';
import {
  type Claim,
  type Integrity,
  isSameTopic,
  type Marker,
  readClaim,
  readMarker,
  type Sign,
  seal,
  type Topic,
  unsealed,
} from './marker.ts';

/**
 * A text on a forge that is ours: our account wrote it, and it begins with a marker that we made for this
 * place.
 */
export interface Sticky {
  /** The id of a comment, or the number of an issue. */
  readonly id: number;
  readonly body: string;
  readonly marker: Marker;
  readonly integrity: Integrity;
}

/** The part of a text that decides whether it has to be written again. */
export type Written = Pick<Sticky, 'id' | 'body' | 'integrity'>;

/** The means to find our texts. */
export interface UnsignedDesk {
  readonly shelf: Shelf;
  /** The name of the account that writes our texts. */
  readonly login: string;
}

/** The means to verify and sign them as well. */
export interface Desk extends UnsignedDesk {
  readonly sign: Sign;
}

/**
 * Another bot wrote a text with our signature. Most likely it is this action under a login that it does not
 * know.
 */
export class UnknownLoginError extends ForgeError {
  constructor(author: string, login: string) {
    super(
      `${author} has written what this action writes, and ${login} is who this token seems to be: ` +
        'if that is right, set the input comment-author to the former, else delete what it wrote',
      null,
    );
  }
}

/** The texts of our account in one place, sorted by their relation to one topic. */
export interface Shelved {
  /** The oldest text about the topic and the commit, or else about the topic. Null if there is none. */
  readonly ours: Sticky | null;
  /** The other texts about the same topic, which two simultaneous first runs make. */
  readonly doubles: readonly number[];
  /**
   * The texts about the same topic with another key or an edited line 1, so that our key does not verify
   * them.
   */
  readonly unproven: readonly number[];
  /** Plans about the same topic that were withdrawn without a key. */
  readonly withdrawn: readonly number[];
  /** Texts about the same topic with our signature that another account posted, such as a copy. */
  readonly foreign: readonly ForeignText[];
  /** The texts about other topics. */
  readonly others: readonly Sticky[];
}

export interface ForeignText {
  readonly id: number;
  readonly author: string;
}

/**
 * Reads all pages. The oldest text counts, because a copy of a marker is valid too, but younger. If the first
 * runs of two commits wrote one each, the text about the commit in question counts.
 *
 * @param head the commit that was planned or merged. Null if any will do.
 * @throws UnknownLoginError if none is ours but a bot's has our signature: a second text would not help.
 */
export async function findShelved(desk: Desk, topic: Topic, head: string | null = null): Promise<Shelved> {
  const { shelf, login, sign } = desk;
  const genuine: (Sticky & { readonly author: string })[] = [];
  const claims: ClaimedText[] = [];
  for await (const text of shelf.list()) {
    const read = readMarker(text.body, shelf.place, sign);
    if (read !== null) genuine.push({ ...text, ...read });
    else claims.push(...readClaims(text, login));
  }
  const isAboutIt = (one: Topic) => isSameTopic(one, topic);
  const written = genuine.filter(({ author }) => author === login).sort((a, b) => a.id - b.id);
  const about = written.filter(({ marker }) => isAboutIt(marker));
  const ours = about.find(({ marker }) => head !== null && marker.head === head) ?? about[0] ?? null;
  const doubles = about.filter((text) => text !== ours);
  const foreign = genuine.filter(({ author, marker }) => author !== login && isAboutIt(marker));
  const other = foreign.find(({ author }) => shelf.mayBeOurs(author));
  if (ours === null && other !== undefined) throw new UnknownLoginError(other.author, login);
  const claimed = (isWithdrawn: boolean) =>
    claims
      .filter((claim) => isAboutIt(claim.topic) && (claim.kind === 'withdrawn') === isWithdrawn)
      .map(({ id }) => id);
  return {
    ours,
    doubles: doubles.map(({ id }) => id),
    unproven: claimed(false),
    withdrawn: claimed(true),
    foreign: foreign.map(({ id, author }) => ({ id, author })),
    others: written.filter(({ marker }) => !isAboutIt(marker)),
  };
}

/** Finds the texts that our account wrote here and that look like ours. Needs no key. */
export async function findClaims({ shelf, login }: UnsignedDesk): Promise<readonly ClaimedText[]> {
  const claims: ClaimedText[] = [];
  for await (const text of shelf.list()) claims.push(...readClaims(text, login));
  return claims;
}

/** A text of our account that looks like one of regsync's. */
export interface ClaimedText extends Claim, ForgeText {}

function readClaims(text: ForgeText, login: string): readonly ClaimedText[] {
  const claim = text.author === login ? readClaim(text.body) : null;
  return claim === null ? [] : [{ ...text, ...claim }];
}

export async function findSticky(
  desk: Desk,
  topic: Topic,
  head: string | null = null,
): Promise<Sticky | null> {
  return (await findShelved(desk, topic, head)).ours;
}

export interface Kept extends Written {
  readonly written: 'created' | 'updated' | 'unchanged';
  /** The account that wrote it, as the forge says. Empty if nothing was written. */
  readonly author: string;
  /** True if the forge stores the text as it was sent. If not, a later run takes it for edited. */
  readonly isAsSent: boolean;
}

/**
 * Seals the text and writes it, unless an equal and intact one is there.
 *
 * @param text begins with a marker.
 * @param fields other fields to write, such as an issue's title or state.
 * @param confirm is called before each further attempt, and throws if the text is out of date by then.
 */
export async function keepSticky(
  desk: Desk,
  found: Written | null,
  text: string,
  fields: TextFields = {},
  confirm: () => Promise<void> = async () => {},
): Promise<Kept> {
  const { shelf } = desk;
  const isOver = fields.state === 'closed';
  if (found?.integrity === 'intact' && !isOver && comparable(found.body) === comparable(text))
    return { ...found, written: 'unchanged', author: '', isAsSent: true };
  const body = seal(text, desk.sign);
  const change = ({ id }: Pick<Written, 'id'>) => shelf.change(id, { ...fields, body }, confirm);
  const topic = readMarker(text, shelf.place, desk.sign)?.marker;
  // After an ambiguous write, that attempt or another run may have made the text. Then it is updated.
  const findMade = async () => {
    await confirm();
    const made = topic === undefined ? null : await findSticky(desk, topic, topic.head);
    return made === null ? undefined : change(made);
  };
  const answer = found === null ? await shelf.make({ ...fields, body }, findMade) : await change(found);
  return {
    id: answer.id,
    body,
    integrity: 'intact',
    written: found === null ? 'created' : 'updated',
    author: answer.author,
    isAsSent: unsealed(answer.body) === unsealed(body),
  };
}

/** Removes the number of the run and the time of the apply, because a repeated result is not news. */
function comparable(body: string): string {
  return unsealed(body)
    .replace(/\/actions\/runs\/\d+(\/attempts\/\d+)?/g, '/actions/runs/…')
    .replace(/\/-\/jobs\/\d+/g, '/-/jobs/…')
    .replace(/^✅ \*\*Applied\*\* on .+? UTC/m, '✅ **Applied** on …');
}
