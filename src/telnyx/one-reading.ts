import type { ReadClient } from './client.ts';

/**
 * A client that asks each question once: what is planned twice, for two states of the manifests, is planned against one
 * reading of the API. What fails is forgotten.
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
        const { pagesLeft, finish } = await client.begin(template, query, params, decode);
        let whole: ReturnType<typeof finish> | null = null;
        return {
          pagesLeft,
          finish: () => {
            whole ??= finish();
            return whole;
          },
        };
      }),
    download: (...asked) => once(['download', ...asked], () => client.download(...asked)),
  };
}
