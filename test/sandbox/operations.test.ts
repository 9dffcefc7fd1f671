import { expect, test } from 'vitest';
import { API_OPERATIONS } from '../../src/sandbox/server/routes.ts';
import { connect } from './connection.ts';

const REFUSED = API_OPERATIONS.flatMap(([method, template, act]) =>
  typeof act === 'function' ? [] : [{ method, template, ...act }],
);

test.each(REFUSED)('$method $template is refused in a sentence', async ({ method, template, refused }) => {
  const { api } = await connect();
  const reply = await api(method, template.replace(/\{[^}]*\}/, 'an-id'), method === 'POST' ? {} : undefined);
  expect(reply.status).toBe(404);
  expect(reply.body.errors).toMatchObject([{ code: '10003', detail: refused }]);
  expect(refused).toMatch(/^The sandbox has no such endpoint: [a-z].*\.$/);
});

test('no operation is there twice, and most are answered', () => {
  const names = API_OPERATIONS.map(([method, template]) => `${method} ${template}`);
  expect([new Set(names).size, names.length, REFUSED.length]).toEqual([71, 71, 14]);
});
