/** What can happen to a request. */
export interface InjectedFault {
  /** Ends the sentence "The request may be …". */
  readonly title: string;
  /** As the sandbox's control takes it. */
  readonly fault: Readonly<Record<string, unknown>>;
  /** Whether the server carries the request out nonetheless. */
  readonly carriedOut: boolean;
  /** Whether a request that reads was carried out makes no difference: such misfortunes are for writes. */
  readonly befalls: 'any request' | 'writes' | 'creations' | 'uploads' | 'writes but uploads';
  /**
   * `killed`: the program does not survive. `gets over it`: the run that meets it does its work all the same.
   * `makes up for it`: it does too, once what builds on the request was refused. `fails`: it says truthfully that it failed, and
   * the next one puts it right.
   */
  readonly run: 'killed' | 'gets over it' | 'makes up for it' | 'fails';
  readonly listLagMs?: number;
}

const KILLED = { run: 'killed' } as const;
const PASSING = { run: 'gets over it' } as const;

export const INJECTED_FAULTS: readonly InjectedFault[] = [
  {
    ...KILLED,
    title: 'the last of a process killed before it is carried out',
    fault: { kind: 'stall' },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...KILLED,
    title: 'the last of a process killed after it is carried out',
    fault: { kind: 'stall', commit: true },
    carriedOut: true,
    befalls: 'writes',
  },
  {
    ...PASSING,
    title: 'cut off before it is carried out',
    fault: { kind: 'drop_before' },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'cut off after it is carried out',
    fault: { kind: 'drop_after' },
    carriedOut: true,
    befalls: 'writes',
  },
  {
    ...PASSING,
    title: 'answered 408',
    fault: { kind: 'status', status: 408 },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'answered 429',
    fault: { kind: 'status', status: 429 },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'answered 429 with Retry-After',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'answered 500',
    fault: { kind: 'status', status: 500 },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'answered 502 with HTML',
    fault: { kind: 'status', status: 502, body: 'html' },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'answered 502 with HTML although it is carried out',
    fault: { kind: 'status', status: 502, body: 'html', commit: true },
    carriedOut: true,
    befalls: 'writes',
  },
  {
    ...PASSING,
    title: 'answered by half of an answer',
    fault: { kind: 'truncate' },
    carriedOut: true,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'never answered',
    fault: { kind: 'stall' },
    carriedOut: false,
    befalls: 'any request',
  },
  {
    ...PASSING,
    title: 'never answered although it is carried out',
    fault: { kind: 'stall', commit: true },
    carriedOut: true,
    befalls: 'writes',
  },
  {
    title: 'answered 200 although it changes nothing',
    fault: { kind: 'noop' },
    carriedOut: false,
    befalls: 'writes but uploads',
    run: 'fails',
  },
  {
    // A document that is not there when it is linked is uploaded again.
    title: 'answered 200 although it uploads nothing',
    fault: { kind: 'noop' },
    carriedOut: false,
    befalls: 'uploads',
    run: 'makes up for it',
  },
  {
    title: 'cut off after it is carried out while lists lag behind',
    fault: { kind: 'drop_after' },
    carriedOut: true,
    befalls: 'creations',
    run: 'gets over it',
    // Three seconds on the program's clock: only the last of its three looks can find the object.
    listLagMs: 150,
  },
];
