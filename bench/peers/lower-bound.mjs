// The least that the answer "nothing to change" can cost whoever reads YAML: pages in parallel by `fetch`, a scanner of the
// plain subset that manifests are written in, hashes, one comparison. Nobody could use it; it shows how much of a plan is
// work, and how much is care.
import { planLeast } from './least.mjs';

/** Mappings and lists by indentation, values on the line of their key, plain or in quotes, comments. It believes that it is that. */
class PlainYaml {
  #lines = [];
  #next = 0;

  constructor(text) {
    for (const line of text.split('\n')) {
      const content = line.trimStart();
      if (content !== '' && content[0] !== '#')
        this.#lines.push({ indent: line.length - content.length, content });
    }
  }

  readDocuments() {
    const documents = [];
    for (let line = this.#line; line !== undefined; line = this.#line) {
      if (line.content === '---') this.#next += 1;
      else documents.push(this.#readMapping(0));
    }
    return documents;
  }

  get #line() {
    return this.#lines[this.#next];
  }

  #readBlock(leastIndent) {
    const line = this.#line;
    if (line === undefined || line.indent < leastIndent) return null;
    return line.content.startsWith('- ') ? this.#readList(line.indent) : this.#readMapping(line.indent);
  }

  #readList(indent) {
    const items = [];
    for (let line = this.#line; line?.indent === indent && line.content.startsWith('- '); line = this.#line) {
      const content = line.content.slice(2).trimStart();
      if (KEY.test(content)) {
        // Its keys stand where the first one does.
        line.indent += line.content.length - content.length;
        line.content = content;
        items.push(this.#readMapping(line.indent));
      } else {
        items.push(readScalar(content));
        this.#next += 1;
      }
    }
    return items;
  }

  #readMapping(indent) {
    const mapping = {};
    for (let line = this.#line; line?.indent === indent && line.content !== '---'; line = this.#line) {
      const colon = line.content.indexOf(':');
      const written = line.content.slice(colon + 1).trim();
      this.#next += 1;
      mapping[line.content.slice(0, colon)] =
        written === '' || written[0] === '#' ? this.#readBlock(indent) : readScalar(written);
    }
    return mapping;
  }
}

const KEY = /^\w+:(?: |$)/;

function readScalar(written) {
  if (written[0] === '"' || written[0] === "'") return written.slice(1, written.indexOf(written[0], 1));
  const comment = written.indexOf(' #');
  const plain = comment === -1 ? written : written.slice(0, comment).trimEnd();
  if (plain === 'true') return true;
  if (plain === 'false') return false;
  if (plain === 'null' || plain === '~') return null;
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
}

await planLeast({
  read: (text) => new PlainYaml(text).readDocuments(),
  getJson: async (url, headers) => (await fetch(url, { headers })).json(),
});
