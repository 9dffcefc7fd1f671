import { Json } from './events.ts';
import { GitHubError } from './github-error.ts';
import {
  type Claim,
  type Integrity,
  isSameTopic,
  type Marker,
  type Place,
  readClaim,
  readMarker,
  type Sign,
  seal,
  type Topic,
  unsealed,
} from './marker.ts';
import type { GitHub } from './rest.ts';

/**
 * A text on GitHub that is ours: our login wrote it, and it begins with a marker that we made for this place.
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

/** The endpoints that list, create and change texts of one kind. */
export interface Shelf {
  readonly list: string;
  readonly query: Readonly<Record<string, string>>;
  readonly make: string;
  readonly change: string;
  /** The field that identifies a text in an answer. */
  readonly key: 'id' | 'number';
}

export const COMMENTS: Shelf = {
  list: '/repos/{repository}/issues/{pull}/comments',
  query: {},
  make: '/repos/{repository}/issues/{pull}/comments',
  change: '/repos/{repository}/issues/comments/{id}',
  key: 'id',
};

export const ISSUES: Shelf = {
  list: '/repos/{repository}/issues',
  query: { state: 'open', sort: 'created', direction: 'asc' },
  make: '/repos/{repository}/issues',
  change: '/repos/{repository}/issues/{id}',
  key: 'number',
};

/** The means to find our texts. */
export interface UnsignedDesk {
  readonly github: GitHub;
  readonly shelf: Shelf;
  readonly place: Place;
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
export class UnknownLoginError extends GitHubError {
  constructor(author: string, login: string) {
    super(
      `${author} has written what this action writes, and ${login} is who this token seems to be: ` +
        'if that is right, set the input comment-author to the former, else delete what it wrote',
      null,
    );
  }
}

/** The texts that our login wrote here, sorted by their relation to one topic. */
export interface Shelved {
  /** The oldest text about the topic. Null if there is none. */
  readonly ours: Sticky | null;
  /** Younger texts about the same topic, which two simultaneous first runs make. */
  readonly doubles: readonly number[];
  /**
   * The texts about the same topic with another key or an edited line 1, so that our key does not verify
   * them.
   */
  readonly unproven: readonly number[];
  /** Plans about the same topic that were withdrawn without a key. */
  readonly withdrawn: readonly number[];
  /** The texts about other topics. */
  readonly others: readonly Sticky[];
}

/**
 * Reads all pages. The oldest text counts, because a copy of a marker is valid too, but younger.
 *
 * @throws UnknownLoginError if none is ours but a bot's has our signature: a second text would not help.
 */
export async function findShelved(desk: Desk, topic: Topic): Promise<Shelved> {
  const { github, shelf, place, login } = desk;
  const genuine: (Sticky & { readonly author: string })[] = [];
  const claims: (Claim & { readonly id: number })[] = [];
  for await (const row of github.list(shelf.list, paramsOf(place), shelf.query)) {
    const read = readRow(row, desk);
    genuine.push(...read);
    if (read.length === 0) claims.push(...readClaims(row, desk));
  }
  const isAboutIt = (one: Topic) => isSameTopic(one, topic);
  const written = genuine.filter(({ author }) => author === login).sort((a, b) => a.id - b.id);
  const [ours = null, ...doubles] = written.filter(({ marker }) => isAboutIt(marker));
  const other = genuine.find(({ author, marker }) => author.endsWith('[bot]') && isAboutIt(marker));
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
    others: written.filter(({ marker }) => !isAboutIt(marker)),
  };
}

/** Finds the texts that our login wrote here and that look like ours. Needs no key. */
export async function findClaims({
  github,
  shelf,
  place,
  login,
}: UnsignedDesk): Promise<readonly (Claim & { readonly id: number })[]> {
  const claims: (Claim & { readonly id: number })[] = [];
  for await (const row of github.list(shelf.list, paramsOf(place), shelf.query))
    claims.push(...readClaims(row, { shelf, login }));
  return claims;
}

function readClaims(
  row: unknown,
  { shelf, login }: Pick<Desk, 'shelf' | 'login'>,
): (Claim & { readonly id: number })[] {
  const entry = new Json(row);
  const id = entry.at(shelf.key).value;
  const claim = readClaim(entry.at('body').text);
  const isOurs = entry.at('user', 'login').text === login && entry.at('pull_request').value === undefined;
  return typeof id === 'number' && claim !== null && isOurs ? [{ id, ...claim }] : [];
}

/** Replaces a text that is no longer valid with other fields, such as a body without a marker. */
export async function overwrite(
  { github, shelf, place }: UnsignedDesk,
  id: number,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await github.send('PATCH', shelf.change, { ...paramsOf(place), id }, fields);
}

export async function findSticky(desk: Desk, topic: Topic): Promise<Sticky | null> {
  return (await findShelved(desk, topic)).ours;
}

function readRow(row: unknown, { shelf, place, sign }: Desk): (Sticky & { readonly author: string })[] {
  const entry = new Json(row);
  const id = entry.at(shelf.key).value;
  const body = entry.at('body').text;
  const read = readMarker(body, place, sign);
  // The list of issues contains pull requests as well.
  if (typeof id !== 'number' || read === null || entry.at('pull_request').value !== undefined) return [];
  return [{ id, body, ...read, author: entry.at('user', 'login').text }];
}

export interface Kept extends Written {
  readonly written: 'created' | 'updated' | 'unchanged';
  /** The login that wrote it, as GitHub says. Empty if nothing was written. */
  readonly author: string;
  /** True if GitHub stores the text as it was sent. If not, a later run takes it for edited. */
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
  fields: Readonly<Record<string, string>> = {},
  confirm: () => Promise<void> = async () => {},
): Promise<Kept> {
  const { github, shelf, place } = desk;
  const isOver = fields.state === 'closed';
  if (found?.integrity === 'intact' && !isOver && comparable(found.body) === comparable(text))
    return { ...found, written: 'unchanged', author: '', isAsSent: true };
  const body = seal(text, desk.sign);
  const change = ({ id }: Pick<Written, 'id'>) =>
    github.send('PATCH', shelf.change, { ...paramsOf(place), id }, { ...fields, body }, async () => {
      await confirm();
      return undefined;
    });
  const topic = readMarker(text, place, desk.sign)?.marker;
  // After an ambiguous write, that attempt or another run may have made the text. Then it is updated.
  const findMade = async () => {
    await confirm();
    const made = topic === undefined ? null : await findSticky(desk, topic);
    return made === null ? undefined : change(made);
  };
  const answer = new Json(
    found === null
      ? await github.send('POST', shelf.make, paramsOf(place), { ...fields, body }, findMade)
      : await change(found),
  );
  const id = answer.at(shelf.key).value;
  if (typeof id !== 'number') throw new GitHubError('GitHub answered a write with something else', null);
  return {
    id,
    body,
    integrity: 'intact',
    written: found === null ? 'created' : 'updated',
    author: answer.at('user', 'login').text,
    isAsSent: unsealed(answer.at('body').text) === unsealed(body),
  };
}

function paramsOf({ repository, pull }: Place): Record<string, string | number> {
  return { repository, ...(pull === null ? {} : { pull }) };
}

/** Removes the number of the run and the time, because a repeated result is not news. */
function comparable(body: string): string {
  return unsealed(body)
    .replace(/\/actions\/runs\/\d+(\/attempts\/\d+)?/g, '/actions/runs/…')
    .replace(/ on \d{4}-\d\d-\d\d at \d\d:\d\d UTC /g, ' on … ');
}

/**
 * Returns the login that writes with this token. GitHub names it for a user's token and refuses those of apps
 * here (documented: "Resource not accessible by integration"). GITHUB_TOKEN, which is one of them, writes as
 * the login below.
 */
export async function readLogin(github: GitHub, given: string): Promise<string> {
  if (given !== '') return given;
  try {
    return new Json(await github.get('/user')).at('login').text;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 403) return 'github-actions[bot]';
    throw error;
  }
}
