import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished } from 'vitest';

type Functions = Pick<typeof fs, 'openSync' | 'readdirSync'>;

/** Until the test ends, whoever imports this function of `node:fs` gets another one. */
export function replaceInFileSystem<Name extends keyof Functions>(
  name: Name,
  make: (actual: Functions[Name]) => Functions[Name],
): void {
  const functions: Functions = fs;
  const actual = functions[name];
  const put = (one: Functions[Name]) => {
    functions[name] = one;
    syncBuiltinESMExports();
  };
  put(make(actual));
  onTestFinished(() => put(actual));
}
