// Below the lower bound: what the answer "nothing to change" costs whoever knows these very files, and nothing of YAML. A line
// is cut at its colon; connections are Node's own, eight of them.
import { Agent, get } from 'node:http';
import { planLeast } from './least.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
await planLeast({ read: scan, getJson });
agent.destroy();

function scan(text) {
  const manifests = [];
  let manifest = {};
  let part = manifest;
  for (const line of text.split('\n')) {
    const written = line.trimStart();
    if (written === '---') {
      manifests.push(manifest);
      manifest = {};
      part = manifest;
      continue;
    }
    if (written === '' || written[0] === '#') continue;
    const colon = written.indexOf(':');
    const value = written.slice(colon + 2);
    const plain = value[0] === '"' ? value.slice(1, -1) : value;
    if (written.startsWith('- requirement:')) {
      part = { requirement: plain };
      manifest.requirements.push(part);
    } else if (written === 'requirements:') manifest.requirements = [];
    else if (written === 'document:') {
      part.document = {};
      part = part.document;
    } else part[written.slice(0, colon)] = plain;
  }
  manifests.push(manifest);
  return manifests;
}

async function getJson(url, headers) {
  const answer = await new Promise((resolve, reject) => {
    get(url, { agent, headers }, resolve).on('error', reject);
  });
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks));
}
