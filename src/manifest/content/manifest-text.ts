/**
 * Whether a text begins like a manifest of groups, orders, documents or addresses, whatever its file is named. Only keys,
 * comments and what belongs to them may come before `apiVersion`: a text that shows a manifest, such as a README, is none.
 *
 * @param head the beginning of the text.
 */
export function readsLikeManifest(head: string): boolean {
  return kindOf(head) === 'manifest';
}

/** Whether it begins like a configuration: whose folder is a repository of its own. */
export function readsLikeConfig(head: string): boolean {
  return kindOf(head) === 'config';
}

function kindOf(head: string): 'manifest' | 'config' | null {
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

/** Blank, a comment, the mark of a document or of a directive, a key, or a line that belongs to a key before it. */
const YAML_LINE = /^(?:\s*$|\s*#|---|%|["']?[A-Za-z_][\w-]*["']?\s*:(?:\s|$)|\s+\S|- )/;
