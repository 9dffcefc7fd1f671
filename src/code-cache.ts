import { readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * Lets V8 take the parts of regsync as it compiled them when regsync was built: half of a start is compiling. What was
 * compiled lies beside the parts (`scripts/code-cache.mjs` writes it) and is believed as they are; nothing is ever
 * written here. Another V8 finds no folder of its version, other flags make V8 refuse what it is given, and either way
 * the source is compiled as ever.
 */
export function useCodeCache(chunks: string): void {
  const cache = join(chunks, `${process.versions.v8}-${process.arch}`);
  const loader = Module.prototype as unknown as Loader;
  const compile = loader._compile;
  loader._compile = function (source, path, ...more) {
    const compiled = dirname(path) === chunks ? readCompiled(join(cache, basename(path))) : undefined;
    if (compiled === undefined) return compile.call(this, source, path, ...more);
    const script = new Script(`(function (exports, require, module) {${source}\n})`, {
      filename: path,
      cachedData: compiled,
    });
    return script.runInThisContext()(this.exports, (id: string) => this.require(id), this);
  };
}

/** What `require` calls with the text of a file: in no documentation, and the same since Node 0.1. */
interface Loader {
  _compile(this: NodeJS.Module, source: string, path: string, ...more: unknown[]): unknown;
}

function readCompiled(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
