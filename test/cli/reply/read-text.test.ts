import { expect, it } from 'vitest';
import { type ReplySource, readReplyText } from '../../../src/cli/reply/read-text.ts';

const given = (source: Partial<ReplySource>, input: string | Uint8Array = '') =>
  readReplyText(
    { cwd: '/nowhere', input: async () => Buffer.from(input) },
    { text: undefined, file: undefined, isOptional: false, asks: false, ...source },
  );

it.each<[string, Promise<string | null>, string | null]>([
  ['a text is sent as it is', given({ text: '  Yes,\n no. ' }), '  Yes,\n no. '],
  ['one final line end is cut', given({ text: 'Yes.\n\n' }), 'Yes.\n'],
  ['line ends become LF', given({ text: '-' }, 'a\r\nb\r\n'), 'a\nb'],
  ['a byte order mark is cut', given({ file: '-' }, '\uFEFFa'), 'a'],
  ['no text is needed to mark comments', given({ isOptional: true }), null],
])('%s', async (_, text, expected) => {
  await expect(text).resolves.toBe(expected);
});

it.each<[string, () => Promise<string | null>, RegExp]>([
  ['two texts', () => given({ text: 'a', file: 'b' }), /drop one of them/],
  ['no text', () => given({}), /the reply is missing\. .*--file FILE/],
  ['an empty text', () => given({ text: '' }), /the text is empty/],
  ['blanks', () => given({ text: ' \n\t' }), /the text is empty/],
  [
    'an empty pipe, although none is needed',
    () => given({ text: '-', isOptional: true }),
    /standard input is empty/,
  ],
  [
    'a text that is not UTF-8',
    () => given({ text: '-' }, new Uint8Array([0xff, 0x61])),
    /standard input: .*UTF-8/,
  ],
  ['a pipe where a person is to be asked', () => given({ file: '-', asks: true }), /add --yes/],
  [
    'a file that is not there',
    () => given({ file: 'answer.txt' }),
    /--file answer\.txt cannot be read: it does not exist/,
  ],
  [
    'a folder',
    () =>
      readReplyText(
        { cwd: '/', input: async () => Buffer.from('') },
        { text: undefined, file: 'tmp', isOptional: false, asks: false },
      ),
    /--file tmp cannot be read/,
  ],
])('%s is refused', async (_, read, message) => {
  await expect(read()).rejects.toThrow(message);
});
