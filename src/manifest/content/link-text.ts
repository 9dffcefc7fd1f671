import { isUtf8 } from 'node:buffer';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { typeOf } from './file-type.ts';
import type { Sample } from './sample.ts';

/** Returns the path that git checked out in place of a link, or null. Git writes no line end after it. */
export function linkTargetIn({ head, bytes }: Sample): string | null {
  if (bytes === 0 || bytes > MAX_LINK || head.includes('\n') || !isUtf8(head)) return null;
  const text = head.toString('utf8');
  return /[\p{Cc}]|^\s|\s$/u.test(text) ? null : text;
}

const MAX_LINK = 1024;

/** Explains a file, not of a text type, that contains the path of a document, existing or not. */
export function explainLinkText(sample: Sample): Fault | null {
  const target = linkTargetIn(sample);
  return target !== null && typeOf(target) !== undefined ? linkText(target) : null;
}

export function linkText(target: string): Fault {
  return new Fault(
    'link-as-text',
    `git checked this link out as a text file, which holds only the path ${quotedPath(target)}`,
    'Name the file that it leads to; or run `git config core.symlinks true`, and check it out again.',
  );
}
