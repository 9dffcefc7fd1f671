import axe from 'axe-core';
import { JSDOM, VirtualConsole } from 'jsdom';

const IMPACTS = ['minor', 'moderate', 'serious', 'critical'] as const;

/**
 * Returns what axe finds in a page that hinders people who cannot see it or use a mouse, a line each. Colours need a
 * browser that paints, and have tests of their own.
 */
export async function findBarriers(
  page: string,
  least: (typeof IMPACTS)[number] = 'serious',
): Promise<string[]> {
  const grave: readonly string[] = IMPACTS.slice(IMPACTS.indexOf(least));
  const { window } = new JSDOM(page, {
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  try {
    window.eval(axe.source);
    const { violations } = (await window.eval(
      `axe.run(document, { rules: { 'color-contrast': { enabled: false } }, resultTypes: ['violations'] })`,
    )) as axe.AxeResults;
    return violations
      .filter(({ impact }) => grave.includes(impact ?? ''))
      .flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 120)}`));
  } finally {
    window.close();
  }
}
