declare const REGSYNC_VERSION: string | undefined;

/** Written in by the build; tests run the sources and have none. */
export const VERSION = typeof REGSYNC_VERSION === 'string' ? REGSYNC_VERSION : '0.0.0-source';
