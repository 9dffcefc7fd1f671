import { SAMPLE_KEY } from './rehearsal.mjs';

/** The least that a client needs: it knows nothing of the API but the key. */
export function connect(apiUrl) {
  const send = async (method, path, options = {}) => {
    const { body, headers = {}, mayFail = false } = options;
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${SAMPLE_KEY}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (answer.ok !== !mayFail) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (answer.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : null;
  };
  const json = (value) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
  return {
    get: (path) => send('GET', path),
    post: (path, value) => send('POST', path, json(value)),
    patch: (path, value) => send('PATCH', path, value === undefined ? {} : json(value)),
    delete: (path) => send('DELETE', path),
    upload: (path, fields, content) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append('file', new Blob([content]), 'sample.pdf');
      return send('POST', path, { body });
    },
    /** Sent with a header by which the check knows it. */
    mistake: (method, path, body, type = 'application/json', headers = {}) =>
      send(method, path, {
        mayFail: true,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': type }), [MISTAKE]: 'yes', ...headers },
      }),
  };
}

export const MISTAKE = 'x-regsync-mistake';
