import { describe, expect, it } from 'vitest';
import { escapeQuickActions } from '../../src/gitlab/quick-actions.ts';

describe('A line that GitLab would carry out', () => {
  it.each([
    ['/merge', '\\/merge'],
    ['text\n/assign @somebody\ntext', 'text\n\\/assign @somebody\ntext'],
    ['  /close', '  \\/close'],
    ['> /approve', '> \\/approve'],
    ['/Merge', '\\/Merge'],
  ])('is escaped: %j', (text, expected) => {
    expect(escapeQuickActions(text)).toBe(expected);
    expect(escapeQuickActions(expected)).toBe(expected);
  });

  it.each(['a/b', '- /merge', 'see /merge', '// text', '/ text', '`groups/de.yaml:1`', '</details>'])(
    'is none, and stays as it is: %j',
    (text) => {
      expect(escapeQuickActions(text)).toBe(text);
    },
  );
});
