/** Undici's main entry also loads fetch, WebSocket and the caches: 50 ms of every start that nothing here needs. */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export = Pool;
}
