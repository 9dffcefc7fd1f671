import { describe, expect, it } from 'vitest';
import { explainKind, isPattern, pathTest, readTarget, targetTest } from '../../src/resolve/patterns.ts';

describe('A pattern', () => {
  it.each([
    ['de-local', false],
    ['groups/de.yaml', false],
    ['de-*', true],
    ['groups/?e.yaml', true],
    ['{de,fr}-local', true],
    ['[dg]e-local', true],
  ])('is told from a name by its signs: %s', (written, expected) => {
    expect(isPattern(written)).toBe(expected);
  });

  it.each([
    ['groups/*.yaml', 'groups/de.yaml', true],
    ['groups/*.yaml', 'groups/eu/de.yaml', false],
    ['groups/**', 'groups/eu/de.yaml', true],
    ['groups/**/*.yaml', 'groups/de.yaml', true],
    ['groups/e*', 'groups/eu/de.yaml', true],
    ['groups/{de,fr}.yaml', 'groups/fr.yaml', true],
    ['groups/{de,fr}.yaml', 'groups/gb.yaml', false],
    ['*.yaml', 'groups/de.yaml', false],
    ['groups/*', 'groups/.hidden.yaml', true],
    ['GROUPS/*', 'groups/de.yaml', false],
  ])('%s means the file %s, or a folder around it: %s', (pattern, file, expected) => {
    expect(pathTest(pattern)(file)).toBe(expected);
  });

  it('has no negation and no extended forms, whose cost may explode', () => {
    expect(pathTest('!groups/*')('orders/de.yaml')).toBe(false);
    const started = pathTest(`${'+(a|a)'.repeat(30)}*`);
    expect(started(`${'a'.repeat(60)}b`)).toBe(false);
  });
});

describe('A target', () => {
  const group = (name: string) => ({ kind: 'RequirementGroup', name }) as const;
  const order = (name: string) => ({ kind: 'NumberOrder', name }) as const;

  it.each([
    ['de-local', group('de-local'), true],
    ['de-local', order('de-local'), true],
    ['de-local', group('de-local-2'), false],
    ['de', group('de-local'), false],
    ['de-*', group('de-local'), true],
    ['de-*', group('fr-local'), false],
    ['*', order('anything.at-all'), true],
    ['NumberOrder/de-local', order('de-local'), true],
    ['NumberOrder/de-local', group('de-local'), false],
    ['NumberOrder/*', order('fr-local'), true],
    ['NumberOrder/*', group('fr-local'), false],
    ['Numberorder/*', order('fr-local'), false],
  ])('%s means %j: %s', (written, manifest, expected) => {
    expect(targetTest(readTarget(written))(manifest)).toBe(expected);
  });

  it.each([
    ['de-local', null],
    ['PortingOrder/de', null],
    ['NumberOrders/de', 'Did you mean "NumberOrder"?'],
    ['numberorder/de', 'Did you mean "NumberOrder"?'],
    ['Zebra/de', 'The kinds are RequirementGroup, NumberOrder, PortingOrder.'],
  ])('of %s is told the kinds that exist: %s', (written, expected) => {
    expect(explainKind(readTarget(written))).toBe(expected);
  });
});
