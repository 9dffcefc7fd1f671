const OLDEST_NODE = [20, 19] as const;

/** These make Node print requests, headers with the API key among them, and pieces of answers. */
const DEBUG_VARIABLES = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'] as const;

/** Returns why this process must not go on, with the next step, or null. It uses nothing that an old Node lacks. */
export function refusalToStart({ versions, env }: Pick<NodeJS.Process, 'versions' | 'env'>): string | null {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    return `regsync needs Node ${OLDEST_NODE.join('.')} or later, and this is Node ${versions.node}. Install a newer Node from https://nodejs.org`;
  }
  const debug = DEBUG_VARIABLES.find((name) => env[name]);
  if (debug === undefined) return null;
  return `${debug} is set: Node would print your API key and values. Run regsync without it: env -u ${debug} regsync …`;
}

/** The YAML parser prints every token, and so every value, when it finds these. */
export function silenceParser(env: NodeJS.ProcessEnv): void {
  delete env.LOG_TOKENS;
  delete env.LOG_STREAM;
}
