import { constants } from 'node:os';
import { expect, it } from 'vitest';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../../../src/model/text/file-error.ts';

const failed = (code: string, errno?: number) =>
  Object.assign(new Error(`${code}: the words of Node, open '/private/place'`), { code, errno });

it.each([
  ['of a missing file', failed('ENOENT'), {}, 'it does not exist'],
  ['of a missing folder', failed('ENOENT'), WHERE_FILES_ARE_MADE, 'its folder does not exist'],
  ['of a file that others own', failed('EACCES'), WHERE_FILES_ARE_MADE, 'permission denied'],
  [
    'of a rare error in the words of the system',
    failed('EXDEV', -constants.errno.EXDEV),
    {},
    'cross-device link not permitted',
  ],
  ['of an error without a code', new Error('the words of Node'), {}, 'the reason is unknown'],
])('says the reason %s', (_, error, otherwise, words) => {
  expect(whyUnusable(error, otherwise)).toBe(words);
});
