import MarkdownIt, { type Token } from 'markdown-it';

/** CommonMark with tables and HTML, and like GitHub it makes links of everything that looks like one. */
const parser = new MarkdownIt({ html: true, linkify: true });

export function toHtml(markdown: string): string {
  return parser.render(markdown);
}

/** All tokens of the text in order, those inside of others too. */
export function tokensOf(markdown: string): Token[] {
  return parser.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/**
 * What the text is when everything in code is left out: tokens, our own words, our own HTML. Two texts that differ only
 * in what others wrote have the same skeleton, or something that others wrote means something.
 */
export function templateOf(markdown: string): string[] {
  return tokensOf(markdown).flatMap((token) => {
    switch (token.type) {
      case 'inline':
        return [];
      case 'code_inline':
        return ['code'];
      case 'fence':
        return [`fence ${token.info}`];
      case 'html_block':
      case 'html_inline':
        return [withoutCode(token.content)];
      default:
        return [`${token.type} ${token.content}`];
    }
  });
}

function withoutCode(html: string): string {
  return html.replace(/<code>[^<]*<\/code>/g, '<code/>');
}

const TAGS = new Set(
  'h3 h4 p table thead tbody tr th td blockquote ul li strong code pre hr br details summary b s sub a'.split(
    ' ',
  ),
);

/**
 * What a reader's browser, or GitHub after it, would take for more than text: a tag or an attribute that is not ours, a
 * link that does not go where we send it, a mention or a reference outside of code.
 */
export function mischiefIn(markdown: string, ourUrls: readonly string[] = []): string[] {
  const html = toHtml(markdown.replace(/^<!-- regsync:.* -->\n/, ''));
  const tags = html.match(/<[^>]*>?/g) ?? [];
  const texts = html
    .replace(/<(pre|code)\b[^>]*>[^<]*<\/\1>/g, '')
    .replace(/<pre><code[^>]*>[^<]*<\/code><\/pre>/g, '')
    .replace(/<[^>]*>/g, ' ');
  return [
    ...tags.filter((tag) => !isOurs(tag, ourUrls)).map((tag) => `tag ${tag}`),
    ...(texts.match(/@|#\d|\bGH-\d|www\.|https?:|:\/\/|javascript:|!\[|\]\(/gi) ?? []).map(
      (text) => `text ${text}`,
    ),
  ];
}

function isOurs(tag: string, ourUrls: readonly string[]): boolean {
  const [, name = '', attributes = ''] = tag.match(/^<\/?([a-z0-9]+)((?:\s[^<>]*)?)>$/) ?? [];
  const given = attributes.trim();
  if (!TAGS.has(name)) return false;
  if (given === '') return true;
  if (name === 'details') return given === 'open';
  if (name === 'code') return /^class="language-(diff|text)"$/.test(given);
  if (name === 'td' || name === 'th') return given === 'style="text-align:center"';
  return name === 'a' && ourUrls.some((url) => given === `href="${url}"`);
}
