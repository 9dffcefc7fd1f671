import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isInRepository } from '../../files/paths.ts';
import { writeWholeFile } from '../../files/write.ts';
import { InvalidInputError, OutputError } from '../../model/errors.ts';
import type { ActionLink } from '../../model/orders/actions.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../../render/words/wording.ts';
import type { Terminal } from '../session/terminal.ts';

/** The file of `--links`, to which an apply writes the private links of its actions. */
export interface LinksFile {
  /** Gets each link of this apply. */
  readonly onLink: (link: ActionLink) => void;
  /** Creates the file before the first write to Telnyx, because a link must not be lost to a wrong path. */
  readonly begin: () => Promise<void>;
  /**
   * Writes the links: those of this apply, and those that were there before.
   *
   * @returns the reason why the file was not written, or nothing.
   */
  readonly finish: (earlier: readonly ActionLink[]) => Promise<readonly string[]>;
}

/** @throws InvalidInputError for a file in the repository, or one that others can read. */
export async function openLinksFile(terminal: Terminal, given: string, root: string): Promise<LinksFile> {
  const path = resolve(terminal.cwd, given);
  await refusePlace(path, given, root);
  const links: ActionLink[] = [];
  const write = (all: readonly ActionLink[]) =>
    writeWholeFile(path, renderLinks(all), { what: 'the links', mode: 0o600, root });
  return {
    onLink: (link) => void links.push(link),
    begin: () => write([]),
    finish: async (earlier) => {
      const all = newest([...earlier, ...links]);
      try {
        await write(all);
      } catch (error) {
        if (!(error instanceof InvalidInputError || error instanceof OutputError)) throw error;
        return [`${error.message}. To see the links: regsync status --show-values`];
      }
      terminal.err(`Wrote ${count(all.length, 'private link')} to ${visible(given)}.\n`);
      return [];
    },
  };
}

/** A link in the repository is one commit away from everybody who reads it. */
async function refusePlace(path: string, given: string, root: string): Promise<void> {
  if (isInRepository(root, path)) {
    throw new InvalidInputError(
      `--links cannot write to ${given}: it is in the repository, and links are private. Name a file outside of it, for example --links /tmp/links.json`,
    );
  }
  const found = await stat(path).catch(() => null);
  // Of a pipe or a device nobody knows who reads it, and a pipe that nobody reads would hold up the apply for ever.
  if (found !== null && !found.isFile() && !found.isDirectory()) {
    throw new InvalidInputError(
      `--links cannot write to ${given}: it is not a file. Name a file that does not exist yet`,
    );
  }
  if (found?.isFile() && (found.mode & 0o077) !== 0) {
    throw new InvalidInputError(
      `--links cannot write to ${given}: others can read it. Run chmod 600 on it, or name a file that does not exist yet`,
    );
  }
}

/** Keeps the last link of each action, because a new one ends the one before. */
function newest(links: readonly ActionLink[]): ActionLink[] {
  const byAction = new Map(
    links.map((link) => [JSON.stringify([link.kind, link.name, link.orderId, link.requirementId]), link]),
  );
  return [...byAction.values()];
}

function renderLinks(links: readonly ActionLink[]): string {
  const rows = links.map(({ kind, name, orderId, requirementId, requirementName, link }) => ({
    kind,
    name,
    order: orderId,
    requirement_id: requirementId,
    requirement: requirementName,
    link: reveal(link),
  }));
  return `${JSON.stringify({ format_version: '1.0', links: rows }, null, 2)}\n`;
}
