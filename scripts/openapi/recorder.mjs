import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';

/**
 * A proxy before `origin` that keeps what passes: each request with its answer. An answer that is lost behind it is lost
 * before it, too; its exchange has the status null.
 */
export async function startRecorder(origin) {
  const exchanges = [];
  const server = createServer((incoming, outgoing) => {
    pass(origin, incoming, outgoing).then((exchange) => exchanges.push(exchange));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    exchanges,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function pass(origin, incoming, outgoing) {
  const requestBody = await collect(incoming);
  const request = {
    method: incoming.method,
    ...readAddress(incoming.url),
    requestHeaders: incoming.headers,
    requestBody,
  };
  try {
    const answer = await send(origin, request);
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
    return { ...request, ...answer };
  } catch {
    outgoing.destroy();
    return { ...request, status: null, headers: {}, body: Buffer.alloc(0) };
  }
}

/** The path below `/v2`, where the API begins. */
function readAddress(target) {
  const { pathname, searchParams } = new URL(target, 'http://127.0.0.1');
  return { target, path: pathname.replace(/^\/v2/, ''), query: searchParams };
}

async function send(origin, { method, target, requestHeaders, requestBody }) {
  // The sandbox answers to its own name only.
  const headers = { ...requestHeaders, host: new URL(origin).host };
  const sent = forward(new URL(target, origin), { method, headers, agent: false });
  sent.end(requestBody);
  const [answer] = await once(sent, 'response');
  const body = await collect(answer);
  return { status: answer.statusCode, headers: answer.headers, body };
}

/** Rejects where the message breaks off. */
async function collect(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
