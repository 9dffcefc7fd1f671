import { spawn } from 'node:child_process';

/** `regsync sandbox` as a process of its own, without a state file. `options` are further ones, such as `--latency 20`. */
export async function startSandboxProcess(cli, options = []) {
  const child = spawn(process.execPath, [cli, 'sandbox', '--port', '0', '--quiet', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('close', done));
  const url = await readUrl(child);
  return {
    url,
    origin: new URL(url).origin,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function readUrl(child) {
  return new Promise((found, failed) => {
    let heard = '';
    child.stdout.on('data', (chunk) => {
      heard += chunk;
      const match = heard.match(/listening on (\S+)\n/);
      if (match) found(match[1]);
    });
    child.on('close', (code) => failed(new Error(`the sandbox ended early, with exit code ${code}`)));
  });
}
