import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { apiError, json, type Reply } from './answer.ts';
import type { FaultEffect, StatusBody } from './faults.ts';
import type { IncomingRequest } from './request.ts';

/** A request whose fault has struck. */
export interface Scene {
  readonly request: IncomingRequest;
  /** The normal answer. Null if the request was not carried out. */
  readonly answer: Reply | null;
  readonly response: ServerResponse;
  readonly send: (answer: Reply) => void;
}

/** Injects the fault. Returns the status that the client sees, or 0 for none. */
export async function strike(effect: FaultEffect, scene: Scene): Promise<number> {
  switch (effect.kind) {
    case 'drop_before':
    case 'drop_after':
      scene.response.destroy();
      return 0;
    case 'stall':
      return 0;
    case 'truncate':
      return sendHalf(scene);
    case 'slow':
      await delay(effect.ms, undefined, { ref: false });
      return sendDue(scene);
    case 'noop':
      return sendDue(scene);
    case 'status':
      return sendStatus(effect, scene);
    case 'redirect':
      scene.send({ ...json(effect.status, {}), headers: { location: effect.location } });
      return effect.status;
    case 'gzip_bomb':
      return sendBomb(scene.response);
    case 'endless':
      return sendForever(scene.response);
  }
}

/** Sends the normal answer. */
export function sendDue({ answer, send }: Scene): number {
  const due = answer ?? json(200, {});
  send(due);
  return due.status;
}

/** Announces the whole body and disconnects in the middle of it. */
function sendHalf({ answer, response }: Scene): number {
  const { status, headers, body } = answer ?? json(200, { data: [] });
  response.writeHead(status, { ...headers, 'content-length': Math.max(body.length, 2) });
  response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
  return status;
}

type StatusEffect = Extract<FaultEffect, { kind: 'status' }>;

function sendStatus({ status, body, headers }: StatusEffect, { request, send }: Scene): number {
  const answer = STATUS_ANSWERS[body](status, request);
  send({ ...answer, headers: { ...answer.headers, ...headers } });
  return status;
}

const STATUS_ANSWERS: Readonly<Record<StatusBody, (status: number, request: IncomingRequest) => Reply>> = {
  json: (status) => json(status, { errors: [apiError(codeFor(status), 'A fault was planted here.')] }),
  html: (status) => html(status, `<h1>${status}</h1><hr>proxy`),
  empty: (status) => ({ status, headers: {}, body: Buffer.alloc(0) }),
  echo: (status, request) =>
    json(status, { errors: [apiError(codeFor(status), `Rejected: ${echo(request)}`)] }),
  echo_html: (status, request) => html(status, `<h1>${status}</h1><pre>${escapeHtml(echo(request))}</pre>`),
};

const CODES: Readonly<Record<number, string>> = {
  400: '10015',
  401: '10009',
  403: '10010',
  404: '10005',
  408: '10008',
  422: '10027',
  429: '10011',
  503: '10037',
};

function codeFor(status: number): string {
  return CODES[status] ?? '10007';
}

/**
 * Returns the request as text, secrets first, because a client may print only the beginning of a long text.
 */
function echo({ method, path, headers, body }: IncomingRequest): string {
  return `${method} ${path} ${headers.authorization ?? ''} ${body.toString('utf8')} ${JSON.stringify(headers)}`;
}

function html(status: number, content: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(`<html><body>${content}</body></html>`, 'utf8'),
  };
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const BOMB_BLOCK_BYTES = 10_000_000;
const BOMB_BLOCKS = 100;

/** Sends a gigabyte of blanks in a megabyte, as a sequence of gzip members. */
function sendBomb(response: ServerResponse): number {
  const block = gzipSync(Buffer.alloc(BOMB_BLOCK_BYTES, ' '));
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(Buffer.concat(Array.from({ length: BOMB_BLOCKS }, () => block)));
  return 200;
}

/** Sends a list without end, for as long as the client reads. */
function sendForever(response: ServerResponse): number {
  const rows = Buffer.from('{"id":"00000000-0000-4000-8000-000000000000"},'.repeat(500), 'utf8');
  const pump = (): void => {
    while (!response.destroyed && response.write(rows));
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"data":[');
  response.on('drain', pump);
  pump();
  return 200;
}
