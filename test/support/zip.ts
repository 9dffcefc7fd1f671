import { deflateRawSync } from 'node:zlib';

/** An archive of one file, as APPNOTE.TXT 4.3 has it; GitHub's artifacts are such. Its checksum is left at zero. */
export function zip(
  name: string,
  content: Buffer,
  how: 'stored' | 'deflated' = 'deflated',
  given: { readonly comment?: string; readonly extra?: number; readonly method?: number } = {},
): Buffer {
  const { comment = '', extra = 0, method = how === 'stored' ? 0 : 8 } = given;
  const packed = how === 'stored' ? content : deflateRawSync(content);
  const field = Buffer.alloc(extra);
  const common = (bytes: Buffer, at: number) => {
    bytes.writeUInt16LE(method, at);
    bytes.writeUInt32LE(packed.length, at + 10);
    bytes.writeUInt32LE(content.length, at + 14);
    bytes.writeUInt16LE(name.length, at + 18);
  };
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  common(local, 8);
  local.writeUInt16LE(extra, 28);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  common(entry, 10);
  const body = Buffer.concat([local, Buffer.from(name), field, packed]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(body.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([body, entry, Buffer.from(name), end, Buffer.from(comment)]);
}
