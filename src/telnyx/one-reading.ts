import type { ReadClient } from './client.ts';

/**
 * Returns a client that sends each request once, so that two plans for two states of the manifests see the
 * same state of the API. A failed request is not remembered.
 */
export function asOneReading(client: ReadClient): ReadClient {
  const remembered = new Map<string, Promise<unknown>>();
  const once = <T>(question: readonly unknown[], ask: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(question);
    const known = remembered.get(key);
    if (known !== undefined) return known as Promise<T>;
    const answer = ask();
    remembered.set(key, answer);
    answer.catch(() => remembered.delete(key));
    return answer;
  };
  return {
    ...client,
    get: (...asked) => once(['get', ...asked], () => client.get(...asked)),
    list: (template, query, params, decode) =>
      once(['list', template, query, params], () => client.list(template, query, params, decode)),
    begin: (template, query, params, decode) =>
      once(['begin', template, query, params], async () => {
        const { finish, ...begun } = await client.begin(template, query, params, decode);
        let whole: ReturnType<typeof finish> | null = null;
        return {
          ...begun,
          finish: () => {
            whole ??= finish();
            return whole;
          },
        };
      }),
    download: (...asked) => once(['download', ...asked], () => client.download(...asked)),
  };
}
