// The demo: what a first hour with regsync looks like, in the sandbox, on this repository's own groups/.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join(root, 'dist/regsync.js');
const state = '.regsync/sandbox.json';

await rm(join(root, state), { force: true });

say(
  'The manifests are checked, offline and without a key: regsync.lock.yaml says what each country demands.',
);
await regsync('validate');
say('Telnyx demands what the lock says.');
await regsync('lock', '--check', '--sandbox', '--quiet');
say('The plan: what would change at Telnyx. Values are never shown, only their fingerprints.');
await regsync('plan', '--sandbox', '--detailed-exitcode', { expect: 2 });
say('It is carried out.');
await regsync('apply', '--sandbox', '--yes', '--quiet');
say('The groups are under review now.');
await regsync('status', '--sandbox', '--quiet');
say('A reviewer approves them: in the sandbox, through its control.');
await approveAll();
await regsync('status', '--sandbox', '--quiet');
say('The second plan has nothing left to do.');
await regsync('plan', '--sandbox', '--detailed-exitcode', '--quiet', { expect: 0 });

function say(text) {
  console.log(`\n# ${text}`);
}

async function regsync(...args) {
  const { expect = 0 } = typeof args.at(-1) === 'object' ? args.pop() : {};
  console.log(`$ regsync ${args.join(' ')}`);
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== expect) throw new Error(`regsync ${args.join(' ')} exited ${code}, not ${expect}`);
}

/** The sandbox on its own, on the same state: the place where a rehearsal plays the reviewer. */
async function approveAll() {
  console.log(`$ regsync sandbox --state ${state}   # and POST /_sandbox/approve-all`);
  const child = spawn(process.execPath, [cli, 'sandbox', '--state', state, '--quiet'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await new Promise((found, failed) => {
      let heard = '';
      child.stdout.on('data', (chunk) => {
        heard += chunk;
        const match = heard.match(/listening on (http\S+)\/v2\n/);
        if (match) found(match[1]);
      });
      child.on('close', () => failed(new Error('the sandbox ended early')));
    });
    const answer = await fetch(`${url}/_sandbox/approve-all`, { method: 'POST' });
    if (!answer.ok) throw new Error(`approve-all answered ${answer.status}`);
  } finally {
    child.kill('SIGTERM');
    await new Promise((done) => child.on('close', done));
  }
}
