/**
 * Tells what a text begins like, under any file name: a manifest of groups, orders, documents or addresses, or
 * a configuration, whose folder is then another repository. Only keys, comments and the lines of those keys may
 * precede `apiVersion`, so a README that quotes a manifest is neither.
 *
 * @param head the beginning of the text.
 */
export function readsLike(head: string): 'manifest' | 'config' | null {
  const text = head.replace(/^\ufeff/, '');
  const isOurs = /^\s*\{/.test(text) ? JSON_VERSION.test(text) : hasYamlVersion(text);
  if (!isOurs) return null;
  switch (KIND.exec(text)?.[1]) {
    case 'Config':
      return 'config';
    case 'Lock':
      return null;
    default:
      return 'manifest';
  }
}

const JSON_VERSION = /"apiVersion"\s*:\s*"regsync\//;
const KIND = /^\s*[{,]?\s*["']?kind["']?\s*:\s*["']?(\w+)/m;

function hasYamlVersion(text: string): boolean {
  for (const line of text.split(/\r\n?|\n/)) {
    if (YAML_VERSION.test(line)) return true;
    if (!YAML_LINE.test(line)) return false;
  }
  return false;
}

const YAML_VERSION = /^(?:--- +)?["']?apiVersion["']?\s*:\s*["']?regsync\//;

/** Matches an empty line, a comment, a document mark, a directive, a key, or a line of a key above it. */
const YAML_LINE = /^(?:\s*$|\s*#|---|%|["']?[A-Za-z_][\w-]*["']?\s*:(?:\s|$)|\s+\S|- )/;
