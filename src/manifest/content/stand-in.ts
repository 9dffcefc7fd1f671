import { Fault } from '../fault.ts';
import { type Sample, startsWith } from './sample.ts';

/**
 * Explains what a tool left in place of a file of any name: a pointer, the output of another encryption
 * program, a web page.
 */
export function explainStandIn({ head, tail }: Sample): Fault | null {
  const marker = STAND_INS.find(({ starts }) => starts.some((start) => startsWith(head, start)));
  if (marker !== undefined) return marker.fault;
  if (isAnnexPointer(head)) return ANNEX;
  if (isSops(head, tail)) return SOPS;
  return isHtml(head) ? HTML : null;
}

const STAND_INS: readonly { readonly starts: readonly Buffer[]; readonly fault: Fault }[] = [
  {
    starts: ['version https://git-lfs.github.com/spec/', 'version https://hawser.github.com/spec/'].map(
      asBytes,
    ),
    fault: new Fault(
      'lfs-pointer',
      'this is a Git LFS pointer, not the file itself',
      'Run `git lfs pull` first.',
    ),
  },
  {
    starts: [Buffer.from('\0GITCRYPT\0')],
    fault: new Fault(
      'git-crypt',
      'git-crypt has encrypted this file',
      'Run `git-crypt unlock` first, also in the workflow that runs regsync.',
    ),
  },
  {
    starts: ['$ANSIBLE_VAULT;', '-----BEGIN PGP MESSAGE-----', 'U2FsdGVkX1', 'Salted__'].map(asBytes),
    fault: new Fault(
      'encrypted-elsewhere',
      'another program has encrypted this file',
      'Decrypt it first. To keep it encrypted in git, use `regsync encrypt`.',
    ),
  },
];

const ANNEX = new Fault(
  'git-annex',
  'this is a git-annex pointer, not the file itself',
  'Run `git annex get` and `git annex unlock` for it first.',
);

const SOPS = new Fault(
  'sops',
  'sops has encrypted this file',
  'Run `sops decrypt` first. To keep it encrypted in git, use `regsync encrypt`.',
);

const HTML = new Fault(
  'html-page',
  'this is an HTML page, perhaps the login page of the site that you downloaded it from',
  'Sign in there, and download the file itself.',
);

function asBytes(text: string): Buffer {
  return Buffer.from(text);
}

function isAnnexPointer(head: Buffer): boolean {
  if (head[0] !== SLASH && head[0] !== DOT) return false;
  return /^(?:\/annex\/objects\/|(?:\.\.?\/)*\.git\/annex\/objects\/)\S+\s*$/.test(firstLine(head));
}

const [SLASH, DOT, LESS] = Buffer.from('/.<');

function firstLine(head: Buffer): string {
  const end = head.indexOf('\n');
  return head.subarray(0, end === -1 ? 1024 : end).toString('utf8');
}

/**
 * Returns whether sops encrypted the whole file. A single encrypted value is not enough: the metadata, at the
 * end or before the values, must be there too.
 */
function isSops(head: Buffer, tail: Buffer): boolean {
  if (!head.includes('ENC[AES256_GCM,data:')) return false;
  return [head, tail].some((part) => /\bsops\b|sops_|\bmac"?\s*[:=]\s*"?ENC\[/.test(part.toString('latin1')));
}

function isHtml(head: Buffer): boolean {
  const start = head.findIndex((byte) => !BLANKS.includes(byte));
  if (head[start] !== LESS) return false;
  return HTML_START.test(head.subarray(start, start + 1024).toString('latin1'));
}

/** Whitespace and the bytes of the byte order mark. */
const BLANKS = Buffer.from(' \t\r\n\ufeff');
const HTML_START = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
