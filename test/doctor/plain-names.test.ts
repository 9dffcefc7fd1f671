import { describe, expect, it } from 'vitest';
import { isPlainName } from '../../src/doctor/plain-names.ts';

describe('a name in an answer', () => {
  it.each([
    'id',
    'customer_reference',
    'requirements_types',
    'street_address_2',
    'customerReference',
    'sha256',
    'alpha2',
    'x-request-id',
    'x-ratelimit-reset',
  ])('is one where its words are those that APIs use: %s', (name) => {
    expect(isPlainName(name)).toBe(true);
  });

  it.each([
    '',
    '_',
    '__proto__',
    '2',
    '+49300000001',
    'p49300000001',
    'id_4_9_3_0',
    'jane',
    'jane_example',
    'Jane Example',
    'example_gmbh',
    'jane@example.com',
    'a41c90d2e8f04b6f9d3c5a7b1e2f8c4d',
    'id_a41c90d2',
    'x-jane-example',
    'a'.repeat(61),
    `${'id_'.repeat(20)}id`,
  ])('may be a value in every other case: %j', (name) => {
    expect(isPlainName(name)).toBe(false);
  });
});
