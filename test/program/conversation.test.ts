import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../support/orders.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

/** What reviewers say reaches the person who must act, wherever that person looks. */

const PORTING_ORDER = '7d1f3c86-0000-4000-8000-000000000002';
const ORDER = `apiVersion: regsync/v1
kind: NumberOrder
name: berlin
phone_numbers:
  - "+49300000001"
requirements:
  - requirement: ${DE_REQUIREMENTS.contact}
    text: "Jane Roe, Example GmbH"
`;
const PORTING = `apiVersion: regsync/v1
kind: PortingOrder
name: berlin-port
id: ${PORTING_ORDER}
end_user:
  admin:
    entity_name: Example GmbH
    pin_passcode: "80910"
`;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({});
});
afterEach(() => repository.end());

async function groupId(): Promise<string> {
  return (await repository.state()).groups[0]?.id ?? '';
}

interface Shown {
  readonly attention: readonly { code: string; message: string; source?: { line: number } }[];
  readonly changes: readonly { said?: readonly string[] }[];
}

async function planned(): Promise<Shown> {
  const { out } = await repository.run(['plan', '--format', 'json']);
  return JSON.parse(out) as Shown;
}

const rowsOf = ({ attention }: Shown) =>
  attention.map(({ code, message, source }) => [code, message, source?.line]);

describe('a reviewer', () => {
  it('who asks about a pending group is heard in plan, status and report, until somebody answers', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Jane Roe, Example GmbH' }));
    expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
    const id = await groupId();
    await repository.control(`groups/${id}/ask`, {
      comment: 'Is Jane Roe, Example GmbH on the second floor?',
    });
    const words = /Reviewer on \d{4}-\d\d-\d\d: "Is «sensitive» on the second floor\?"/;
    const [, asked] = rowsOf(await planned());
    expect(asked).toEqual(['reviewer-comment', expect.stringMatching(words), 1]);
    const status = await repository.run(['status']);
    expect(status.out).toContain('│ Is «sensitive» on the second floor?');
    expect(status.out.match(/second floor/g)).toHaveLength(1);
    await repository.run(['report']);
    const report = await readFile(join(repository.folder, 'report.html'), 'utf8');
    expect(report.match(/second floor/g)).toHaveLength(1);
    const { out } = await repository.run(['plan']);
    expect(out).toMatch(words);
    expect(out + status.out + report).not.toContain('Jane');
    const body = { body: 'Yes.', comment_record_type: 'requirement_group', comment_record_id: id };
    await callApi(repository, 'POST', '/comments', body);
    expect(rowsOf(await planned()).map(([code]) => code)).toEqual(['under-review']);
  });

  it('who declines a group is quoted below the value that answers', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Jane Roe, Example GmbH' }));
    await repository.run(['apply', '--yes']);
    await repository.control(`groups/${await groupId()}/decline`, {
      requirement_ids: [DE_REQUIREMENTS.contact],
      comment: 'Please name a person.',
    });
    const declined = rowsOf(await planned());
    const line =
      germanGroup()
        .split('\n')
        .findIndex((text) => text.includes('Compliance desk')) + 1;
    const said = expect.stringMatching(/^Reviewer on .{10}: "Please name a person\."$/);
    expect(declined).toEqual([
      ['declined', 'declined: Contact Info', line],
      ['reviewer-comment', said, line],
    ]);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'John Doe, Example GmbH' }));
    const answer = await planned();
    expect([answer.changes.map((change) => change.said), rowsOf(answer)]).toEqual([
      [[said]],
      [['reviewer-comment', said, line]],
    ]);
  });

  it('who declines an order is quoted at the line of the value, without the order’s values', async () => {
    await repository.write('groups/order.yaml', ORDER);
    expect(await repository.run(['apply', '--yes', '--allow-orders'])).toMatchObject({ code: 0 });
    await repository.control('number_orders/decline?reference=regsync/acme/order/berlin', {
      requirement_ids: [DE_REQUIREMENTS.contact],
      comment: 'Jane Roe, Example GmbH does not answer at +49300000001.',
    });
    const rows = rowsOf(await planned()).filter(([code]) => code !== 'order-deadline');
    expect(rows).toEqual([
      ['order-declined', expect.stringContaining('a reviewer declined'), 8],
      [
        'order-comment',
        expect.stringMatching(
          /^sub number order .{36}: Reviewer on .{10}: "«sensitive» does not answer at «sensitive»\."$/,
        ),
        8,
      ],
    ]);
    await repository.write('groups/order.yaml', ORDER.replace('Jane Roe', 'John Doe'));
    expect((await planned()).changes.map(({ said }) => said)).toEqual([
      [expect.stringContaining('does not answer at')],
    ]);
  });

  it('and another carrier are heard about a porting order in exception', async () => {
    await repository.control('porting_orders', {
      id: PORTING_ORDER,
      phone_numbers: ['+49300000009'],
      status: 'exception',
      details: [{ code: 'PASSCODE_PIN_INVALID' }, { code: 'ENTITY_NAME_MISMATCH' }],
      end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: '80910' } },
    });
    await repository.control(`porting_orders/${PORTING_ORDER}/ask`, { comment: 'Is the PIN 80910?' });
    await repository.write('groups/porting.yaml', PORTING);
    expect(rowsOf(await planned())).toEqual([
      [
        'order-exception',
        expect.stringMatching(/PASSCODE_PIN_INVALID: .* Change end_user\.admin\.pin_passcode\.$/),
        8,
      ],
      [
        'order-exception',
        expect.stringMatching(/ENTITY_NAME_MISMATCH: .* Change end_user\.admin\.entity_name\.$/),
        7,
      ],
      ['order-comment', expect.stringMatching(/: Reviewer on .{10}: "Is the PIN «sensitive»\?"$/), 1],
    ]);
    expect((await repository.run(['status'])).out).toContain('PASSCODE_PIN_INVALID');
  });

  it('is asked about each group and order that is not approved, once, and about no other', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    await repository.write('groups/order.yaml', ORDER);
    await repository.run(['apply', '--yes', '--allow-orders']);
    const asked = async () => {
      await repository.forgetRequests();
      expect(await repository.run(['plan'])).toMatchObject({ code: 0 });
      return (await repository.requests())
        .filter(({ path }) => path === '/comments')
        .map(({ query }) => new URLSearchParams(query).get('filter[comment_record_type]'))
        .sort();
    };
    expect(await asked()).toEqual(['requirement_group', 'sub_number_order']);
    await repository.control(`groups/${await groupId()}/approve`, {});
    const own = ORDER.slice(0, ORDER.indexOf('requirements:'));
    const done = own.replace('name: berlin', 'name: done').replace('0001', '0002');
    await repository.write('groups/done.yaml', `${done}requirement_group: de-local\n`);
    expect(await repository.run(['apply', '--yes', '--allow-orders'])).toMatchObject({ code: 0 });
    expect(await asked()).toEqual(['sub_number_order']);
  });
});
