// The requests of a plan of one group with a text, side by side, and nothing else: what is theirs of the time of such a plan.
import { Agent, request } from 'node:http';

const [baseUrl, key] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const country = 'filter%5Bcountry_code%5D=DE';
const page = 'page%5Bnumber%5D=1&page%5Bsize%5D=250';

await Promise.all(
  [
    `/requirement_groups?${page}`,
    `/requirements?${country}&${page}`,
    `/regulatory_requirements?${country}&filter%5Bphone_number_type%5D=local&filter%5Baction%5D=ordering`,
  ].map(get),
);
agent.destroy();

function get(path) {
  return new Promise((resolve, reject) => {
    request(`${baseUrl}${path}`, { agent, headers: { authorization: `Bearer ${key}` } }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    })
      .on('error', reject)
      .end();
  });
}
