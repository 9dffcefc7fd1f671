import type { Verdict } from '../model/report/doctor.ts';
import { count, enumerate, expected, handled, invalid, unauthorised, unseen } from './verdict.ts';

/** Verdicts about this machine and the repository. */

export function judgeNode(version: string): Verdict {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return invalid(`${version}: regsync needs 20.19 or later. Install a newer one from https://nodejs.org`);
  }
  if (major % 2 === 1) return handled(`${version}: odd versions get no fixes for long; use an even one`);
  return expected(version);
}

/* ---- Configuration ---- */

export type ConfigurationFacts =
  | { readonly kind: 'none' }
  /** The `message` gives the place and the error. */
  | { readonly kind: 'broken'; readonly message: string }
  | { readonly kind: 'found'; readonly file: string; readonly accounts: readonly string[] };

export function judgeConfiguration(facts: ConfigurationFacts): Verdict {
  switch (facts.kind) {
    case 'none':
      return handled(
        'no regsync.yaml in this folder or any above it: run `regsync init` to begin a repository',
      );
    case 'broken':
      return invalid(facts.message);
    case 'found':
      return expected(
        facts.accounts.length === 0 ? facts.file : `${facts.file}, accounts ${enumerate(facts.accounts)}`,
      );
    default:
      return facts satisfies never;
  }
}

/** One entry of `manifests` in the configuration. */
export interface ManifestsFacts {
  readonly entry: string;
  readonly files: number;
  /** The reason why it cannot be read, or null. */
  readonly fault: string | null;
}

export function judgeManifests(entries: readonly ManifestsFacts[]): Verdict {
  const faults = entries.flatMap(({ entry, fault }) => (fault === null ? [] : [`${entry}: ${fault}`]));
  if (faults.length > 0) return invalid(faults.join('; '));
  const files = entries.reduce((sum, entry) => sum + entry.files, 0);
  const places = enumerate(entries.map(({ entry }) => entry));
  if (files === 0) return handled(`none in ${places} yet: \`regsync new\` writes one`);
  return expected(`${count(files, 'file')} in ${places}; \`regsync validate\` checks them`);
}

/* ---- Keys ---- */

export type KeyFacts =
  | { readonly kind: 'sandbox' }
  /** The `message` gives the reason and the next step. */
  | { readonly kind: 'unusable' | 'unreadable'; readonly message: string }
  | { readonly kind: 'present'; readonly origin: string; readonly hasPlaceholders: boolean };

export function judgeKey(facts: KeyFacts): Verdict {
  switch (facts.kind) {
    case 'sandbox':
      return expected('none is needed for the sandbox');
    case 'unusable':
      return unauthorised(facts.message);
    case 'unreadable':
      return invalid(facts.message);
    case 'present':
      return facts.hasPlaceholders
        ? handled(`${facts.origin} has blanks or a line end around the key, which regsync leaves out`)
        : expected(`${facts.origin} has one, and it looks like a key of Telnyx's`);
    default:
      return facts satisfies never;
  }
}

const SHORTEST_PLAN_KEY = 32;

/** @param length the length in characters. Null if the key is not set. */
export function judgePlanKey(length: number | null): Verdict {
  if (length === null) return expected('not set: plans are signed with the API key');
  if (length >= SHORTEST_PLAN_KEY) return expected(`set, of ${length} characters`);
  return invalid(
    `${length} characters are too few: a reader of a plan can guess it. Make one with \`openssl rand -hex 32\``,
  );
}

/* ---- Encryption ---- */

export interface EncryptionFacts {
  readonly encryptedFiles: number;
  /** The recipients. Null if there is no file of them. */
  readonly recipients: { readonly count: number } | { readonly fault: string } | null;
  readonly identity:
    | { readonly kind: 'unset' }
    | { readonly kind: 'broken'; readonly message: string }
    | { readonly kind: 'set'; readonly identities: number; readonly areRecipients: number };
}

export function judgeRecipients({ recipients, encryptedFiles }: EncryptionFacts): Verdict {
  if (recipients === null) {
    return handled(
      `${count(encryptedFiles, 'encrypted file')} and no .regsync/recipients: \`regsync encrypt\` needs it to know for whom`,
    );
  }
  if ('fault' in recipients) return invalid(recipients.fault);
  return expected(`${recipients.count} in .regsync/recipients, ${count(encryptedFiles, 'encrypted file')}`);
}

export function judgeIdentity({ identity, recipients }: EncryptionFacts): Verdict {
  switch (identity.kind) {
    case 'unset':
      return handled(
        'not set: plan works without it, and apply needs REGSYNC_AGE_IDENTITY_FILE or REGSYNC_AGE_IDENTITY to upload encrypted files',
      );
    case 'broken':
      return invalid(identity.message);
    case 'set':
      return identity.areRecipients > 0 || recipients === null
        ? expected(identity.areRecipients > 0 ? 'set, and one of the recipients' : 'set')
        : handled('set, and not one of .regsync/recipients: it cannot decrypt files for those');
    default:
      return identity satisfies never;
  }
}

/* ---- The lock ---- */

export type LockFacts =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly message: string }
  | {
      readonly kind: 'found';
      readonly combinations: number;
      readonly isSample: boolean;
      /** True if the server is a simulator, for which sample data is right. */
      readonly asksSimulator: boolean;
      readonly ageMs: number | null;
    };

const DAY_MS = 86_400_000;
const OLD_LOCK_DAYS = 90;

export function judgeLock(facts: LockFacts): Verdict {
  if (facts.kind === 'none') {
    return handled(
      'no regsync.lock.yaml: `regsync lock` writes it, so that validate can check values offline',
    );
  }
  if (facts.kind === 'broken') return invalid(facts.message);
  const { combinations, isSample, asksSimulator, ageMs } = facts;
  if (isSample && !asksSimulator) {
    return handled('holds sample data of the sandbox and is not used: run `regsync lock` to ask Telnyx');
  }
  const days = ageMs === null ? null : Math.max(0, Math.floor(ageMs / DAY_MS));
  const size = count(combinations, 'combination');
  if (days !== null && days > OLD_LOCK_DAYS) {
    return handled(
      `${size}, ${days} days old: \`regsync lock --check\` says whether Telnyx demands something else by now`,
    );
  }
  return expected(
    days === null ? size : `${size}, ${days === 0 ? 'written today' : `${count(days, 'day')} old`}`,
  );
}

/* ---- Git ---- */

export type GitFacts =
  | { readonly kind: 'no-git' }
  | { readonly kind: 'none' }
  /** Git reports that somebody else owns the folder. */
  | { readonly kind: 'refused' }
  | {
      readonly kind: 'found';
      readonly isShallow: boolean;
      readonly isSparse: boolean;
      /** The number of tracked manifests and documents that a sparse checkout leaves out. */
      readonly keptAway: number;
      /** The number of manifests and configuration files with uncommitted changes. */
      readonly dirty: number;
      /** The attribute `text` of documents. Null if there is no folder of them. */
      readonly documentText: string | null;
    };

export function judgeGit(facts: GitFacts): Verdict {
  switch (facts.kind) {
    case 'no-git':
      return handled('git is missing: regsync cannot tell changed files');
    case 'none':
      return handled(
        'this is not a git repository: nothing keeps earlier manifests. `git init` makes it one',
      );
    case 'refused':
      return handled(
        'git refuses to look, since somebody else owns the folder: `git config --global --add safe.directory DIR` allows it',
      );
    case 'found':
      return facts.dirty === 0
        ? expected('a repository, and manifests are as they were committed')
        : handled(
            `${count(facts.dirty, 'file')} of manifests and configuration changed and not committed: a plan reads them as they are, a pull request does not`,
          );
    default:
      return facts satisfies never;
  }
}

export function judgeCheckout(facts: GitFacts): Verdict {
  if (facts.kind !== 'found') return unseen('nothing to look at');
  if (facts.keptAway > 0) {
    return invalid(
      `a sparse checkout keeps ${count(facts.keptAway, 'file')} away that git tracks: \`git sparse-checkout disable\` brings them back`,
    );
  }
  const limits = [
    ...(facts.isSparse ? ['sparse, with all manifests and documents'] : []),
    ...(facts.isShallow
      ? ['shallow: earlier versions of manifests cannot be looked up (`git fetch --unshallow`)']
      : []),
  ];
  return limits.length === 0 ? expected('complete') : handled(limits.join('; '));
}

export function judgeAttributes(facts: GitFacts): Verdict {
  if (facts.kind !== 'found' || facts.documentText === null) return unseen('nothing to look at');
  return facts.documentText === 'unset'
    ? expected('git leaves documents as they are')
    : handled(
        'git may change line ends in documents, and so their digests: write `documents/** -text` into .gitattributes',
      );
}
