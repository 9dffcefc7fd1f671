import type { Artifact } from './artifact.ts';
import type { FindMade, ForgeClient, ForgeQuery, PathParams } from './client.ts';
import { ForgeError } from './forge-error.ts';
import type { Place } from './marker.ts';

/**
 * The seam between a review and the place where people review: GitHub, GitLab. It finds the change request of
 * a commit, reads and writes our texts, and tells who wrote them. All methods reject with `ForgeError`.
 */
export interface Forge {
  /** Returns the name of the account that writes with this token. */
  readAuthor(): Promise<string>;
  /** Returns the comments of a change request. */
  notesOn(request: number): Shelf;
  readRequest(request: number): Promise<RequestState>;
  /**
   * Finds the change requests whose merge brought the commits of this run to the branch.
   *
   * @param sleep waits before another look, because a run may start before the forge's API knows of the merge.
   */
  findMerged(branch: string, sleep: (ms: number) => Promise<unknown>): Promise<readonly Merged[]>;
  /** Finds the change requests that were merged into the branch lately, for a run that is started by hand. */
  findLatelyMerged(branch: string): Promise<readonly Merged[]>;
  /** Returns the newest commit of a branch. */
  readTip(branch: string): Promise<string>;
  /** Returns a plan that is too large for its comment, or null if nothing keeps it. */
  readKept(artifact: Artifact): Promise<string | null>;
  close(): Promise<void>;
}

/** A pull request or merge request that was merged. */
export interface Merged {
  readonly pull: number;
  /** Its last commit. */
  readonly head: string;
}

export interface RequestState {
  /** The last commit of the change request. */
  readonly headSha: string;
  readonly isClosed: boolean;
}

/** The texts of one kind in one place: the comments of a change request, or the issues of a repository. */
export interface Shelf {
  /** The place that the marker of a text is bound to. */
  readonly place: Place;
  list(): AsyncIterable<ForgeText>;
  /**
   * @param findMade is called before each further attempt. It returns the text that an earlier attempt has
   * made, or undefined, and throws if it is too late.
   */
  make(fields: TextFields, findMade: () => Promise<ForgeText | undefined>): Promise<ForgeText>;
  /** @param confirm is called before each further attempt, and throws if the text is out of date by then. */
  change(id: number, fields: TextFields, confirm?: () => Promise<void>): Promise<ForgeText>;
  /** Returns the URL of a text. */
  urlOf(id: number): string;
  /** Returns the name of a text in messages, such as `comment 7`. */
  nameOf(id: number): string;
  /**
   * Returns true if the author of a text with our signature may be the account of this token, under a name
   * that this run does not know.
   */
  mayBeOurs(author: string): boolean;
}

/** A text as the forge holds it. */
export interface ForgeText {
  /** The id of a comment, or the number of an issue. */
  readonly id: number;
  readonly body: string;
  readonly author: string;
}

/** The fields of a text: its body, and for an issue also its title and state. */
export type TextFields = Readonly<Record<string, string>>;

/** The part of a shelf that differs between forges. */
export interface ShelfPlace extends Pick<Shelf, 'place' | 'urlOf' | 'nameOf' | 'mayBeOurs'> {
  readonly forge: 'GitHub' | 'GitLab';
  readonly params: PathParams;
  /** The template of the list, to which a text is also posted. */
  readonly list: string;
  readonly query: ForgeQuery;
  readonly change: readonly [method: 'PATCH' | 'PUT', template: string];
  /** Returns null if the row is not one of the texts. */
  readonly read: (row: unknown) => ForgeText | null;
}

export function openShelf(client: ForgeClient, shelf: ShelfPlace): Shelf {
  const { forge, params, list, query, change, read, place, urlOf, nameOf, mayBeOurs } = shelf;
  /** Sends a write, and reads the text in the answer unless `findMade` has found it. */
  const write = async (
    send: (findMade: FindMade) => Promise<unknown>,
    findMade: () => Promise<ForgeText | undefined>,
  ): Promise<ForgeText> => {
    let made: ForgeText | undefined;
    const answer = await send(async () => {
      made = await findMade();
      return made;
    });
    const text = made ?? read(answer);
    if (text !== null) return text;
    throw new ForgeError(`${forge} answered a write without the text that regsync sent`, null);
  };
  return {
    ...{ place, urlOf, nameOf, mayBeOurs },
    list: async function* () {
      for await (const row of client.list(list, params, query)) {
        const text = read(row);
        if (text !== null) yield text;
      }
    },
    make: (fields, findMade) => write((find) => client.send('POST', list, params, fields, find), findMade),
    change: (id, fields, confirm) => {
      const [method, template] = change;
      return write(
        (find) => client.send(method, template, { ...params, id }, fields, find),
        async () => {
          await confirm?.();
          return undefined;
        },
      );
    },
  };
}
