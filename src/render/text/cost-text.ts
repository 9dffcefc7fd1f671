import type { Cost, Traffic } from '../../model/plan/cost.ts';
import { count } from '../words/wording.ts';

/** Renders the last lines of `--verbose`. */
export function renderCostText({ phases, traffic, files }: Cost): string {
  const totalMs = [...phases.values()].reduce((sum, ms) => sum + ms, 0);
  const parts = [...phases].map(([phase, ms]) => `${phase} ${inSeconds(ms)}`);
  const lines = [
    ...(files === null ? [] : [`files     ${files.parsed} of ${files.all} with manifests parsed`]),
    ...(traffic === null ? [] : describeTraffic(traffic)),
  ];
  return [...lines, `time      ${inSeconds(totalMs)} s: ${parts.join(' · ')}`]
    .map((line) => `${line}\n`)
    .join('');
}

function describeTraffic(traffic: Traffic): string[] {
  const { requests, retries, bytesSent, bytesReceived, heldMs, retryMs, lookMs } = traffic;
  const total = [...requests.values()].reduce((sum, number) => sum + number, 0);
  const methods = [...requests].map(([method, number]) => `${number} ${method}`).join(', ');
  const waitedMs = heldMs + retryMs + lookMs;
  return [
    `requests  ${total}${total === 0 ? '' : ` (${methods})`}, ${count(retries, 'retry')}`,
    `bytes     ${bytesSent} sent, ${bytesReceived} received`,
    `waited    ${inSeconds(waitedMs)} s: rate limit ${inSeconds(heldMs)} · retries ${inSeconds(retryMs)} · looking again ${inSeconds(lookMs)}`,
  ];
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
