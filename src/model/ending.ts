import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  OutputError,
  RefusedError,
  UnreachableError,
} from './errors.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { NEXT_STEPS } from './next-steps.ts';
import type { Problem } from './problem.ts';

/** The end of a run that failed with an error. */
export interface Ending {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
  /** Is true if `regsync doctor` shows more of the cause: the key, the network, or the API's answers. */
  readonly doctorHelps: boolean;
}

/** Maps each thrown class to the end of the run. */
export function endingOf(error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error);
  const problems = error instanceof InvalidInputError || error instanceof RefusedError ? error.problems : [];
  const doctorHelps = isAboutAccess(error);
  const ending = (exit: ExitCode, code: string): Ending => ({ exit, code, message, problems, doctorHelps });
  if (error instanceof InvalidInputError) return ending(EXIT.invalid, 'invalid');
  if (error instanceof RefusedError) return ending(EXIT.refused, 'refused');
  if (error instanceof AuthenticationError) return nextStepAfter(error.cause, ending(EXIT.auth, 'auth'));
  if (error instanceof UnreachableError) return ending(EXIT.unreachable, 'unreachable');
  // A retry does not repair a refused read, and nothing was written.
  if (error instanceof ApiError) return nextStepAfter(error, ending(EXIT.unreachable, 'api'));
  if (error instanceof OutputError) return ending(EXIT.unexpected, 'output');
  if (error instanceof InterruptedError) return ending(EXIT.interrupted, 'interrupted');
  return { ...ending(EXIT.unexpected, 'unexpected'), message: describeUnexpected(error) };
}

function isAboutAccess(error: unknown): boolean {
  if (error instanceof InvalidInputError) return error.isAboutAccess;
  return (
    error instanceof AuthenticationError || error instanceof UnreachableError || error instanceof ApiError
  );
}

/** Adds the next step after a refusal by Telnyx. A refusal by GitHub already contains it. */
function nextStepAfter(refusal: unknown, ending: Ending): Ending {
  if (!(refusal instanceof ApiError) || refusal.request.includes('/repos/')) return ending;
  const next = nextStep(refusal);
  return next === null ? ending : { ...ending, message: `${ending.message.replace(/\.$/, '')}. ${next}` };
}

function nextStep({ status, request }: ApiError): string | null {
  switch (status) {
    case 401:
      return `If the key was revoked or belongs to another server of Telnyx, make a new one in the portal and ${NEXT_STEPS.replaceKey('TELNYX_API_KEY')}.`;
    case 403:
      return `The key or its user lacks the permission for ${request}. Allow it in the portal, or use a key of another user.`;
    case 404:
      // Every server of Telnyx knows the paths without an id.
      return request.includes('{')
        ? null
        : 'Is the base URL right? TELNYX_BASE_URL ends in /v2, such as https://api.telnyx.com/v2.';
    default:
      return null;
  }
}

/** Says where to report a fault, what helps to find it, and what must never be sent. */
const REPORT_IT =
  'Please report it at https://github.com/regsync/regsync/issues with this line, the output of `regsync --version` and `regsync doctor`, and the file that `regsync doctor --record shapes.json` writes. Never attach a manifest, a document or a key';

/** Describes a fault in regsync by its class and its place only, because its message may quote a value. */
function describeUnexpected(error: unknown): string {
  const { name = 'Error', code, stack = '' } = error as { name?: string; code?: unknown; stack?: string };
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const kind = typeof code === 'string' ? `${name} ${code}` : name;
  const place = places[0] === undefined ? '' : `, ${places[0].trim()}`;
  return `this is a fault in regsync (${kind}${place}). ${REPORT_IT}`;
}
