import { readdirSync, readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../src/model/exit.ts';
import { frenchGroup, openTestRepository, ROOT, type TestRepository } from './support/test-repository.ts';

const FOLDER = join(ROOT, 'examples/kubernetes');
const text = readFileSync(join(FOLDER, 'apply-job.yaml'), 'utf8');

interface Job {
  readonly spec: {
    readonly completions: number;
    readonly parallelism: number;
    readonly podFailurePolicy: {
      readonly rules: readonly {
        readonly onExitCodes: { readonly containerName: string; readonly values: number[] };
      }[];
    };
    readonly template: { readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly securityContext: { readonly runAsUser: number };
  readonly containers: readonly {
    readonly name: string;
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
    readonly securityContext: unknown;
  }[];
}

const job = parse(text) as Job;
const [container] = job.spec.template.spec.containers;

const validate = new Ajv({ strictTypes: true, strictRequired: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'test/fixtures/kubernetes-job.schema.json'), 'utf8')),
);

describe('the Job for Kubernetes', () => {
  it('is the only manifest there, and is valid', () => {
    expect(readdirSync(FOLDER)).toEqual(['Dockerfile', 'apply-job.yaml']);
    expect(validate(job), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['completionMode: Indexed', 'completionMode: NonIndexed'],
    ['restartPolicy: Never', 'restartPolicy: OnFailure'],
    ['podReplacementPolicy: Failed', 'podReplacementPolicy: TerminatingOrFailed'],
    ['completions: 8', 'completions: "8"'],
    ['value: "8"', 'value: 8'],
    ['readOnlyRootFilesystem', 'readonlyRootFilesystem'],
    ['values: [3, 5, 7]', 'values: [0]'],
    ['memory: 1Gi', 'memory: 1 GB'],
  ])('would not be with a mistake in it: %s → %s', (right, wrong) => {
    expect(text).toContain(right);
    expect(validate(parse(text.replace(right, wrong)))).toBe(false);
  });

  it('tells every pod how many there are, and has each retried only where that may help', () => {
    const { completions, parallelism, podFailurePolicy } = job.spec;
    expect(container?.env.find(({ name }) => name === 'JOB_COMPLETIONS')?.value).toBe(String(completions));
    expect(parallelism).toBe(completions);
    const [rule] = podFailurePolicy.rules;
    expect(rule?.onExitCodes.containerName).toBe(container?.name);
    expect(rule?.onExitCodes.values).toEqual([EXIT.invalid, EXIT.refused, EXIT.auth]);
  });

  it('runs an image that is regsync’s own and the repository, as the user that this has', () => {
    const instructions = (path: string) =>
      readFileSync(join(ROOT, path), 'utf8')
        .split('\n')
        .filter((line) => /^[A-Z]+ /.test(line));
    expect(instructions('examples/kubernetes/Dockerfile')).toEqual([
      'FROM ghcr.io/regsync/regsync:1',
      'COPY . /repository',
    ]);
    expect(instructions('Dockerfile')).toEqual(
      expect.arrayContaining(['USER node', 'ENTRYPOINT ["regsync"]']),
    );
    // `node` is user 1000 in the official images of Node.
    expect(job.spec.template.spec.securityContext.runAsUser).toBe(1000);
    expect(container?.args?.join(' ')).toContain('--chdir /repository');
  });

  it('holds no secret, and may do nothing but talk to Telnyx', () => {
    for (const { name, value } of container?.env ?? [])
      if (name !== 'JOB_COMPLETIONS') expect([name, value]).toEqual([name, undefined]);
    expect(job.spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('its pods', () => {
  let repository: TestRepository;
  const names = Array.from({ length: 10 }, (_, index) => `fr-${index}`);
  beforeEach(async () => {
    repository = await openTestRepository(
      Object.fromEntries(names.map((name) => [`groups/${name}.yaml`, frenchGroup({ name })])),
    );
  });
  afterEach(() => repository.end());

  it('apply all groups together, and write nothing where they run', async () => {
    const before = `${repository.folder}-before`;
    await cp(repository.folder, before, { recursive: true });
    const args = (container?.args ?? []).map((word) => (word === '/repository' ? repository.folder : word));
    const pods = await Promise.all(
      Array.from({ length: job.spec.completions }, (_, index) =>
        repository.run(args, {
          env: { JOB_COMPLETION_INDEX: `${index}`, JOB_COMPLETIONS: `${job.spec.completions}` },
        }),
      ),
    );
    for (const { code, err } of pods) expect([code, err]).toEqual([0, err]);
    const { groups } = await repository.state();
    expect(groups.map(({ customer_reference, status }) => `${customer_reference} ${status}`).sort()).toEqual(
      names.map((name) => `regsync/acme/${name} pending-approval`).sort(),
    );
    expect((await repository.run(['plan'])).out).toContain('No changes. 10 groups');
    expect(readdirSync(repository.folder, { recursive: true }).sort()).toEqual(
      readdirSync(before, { recursive: true }).sort(),
    );
    await rm(before, { recursive: true });
  });
});
