/** What the build writes in; tests that run the sources have none of it. */
declare const REGSYNC_VERSION: string | undefined;
declare const REGSYNC_TIME_SCALE: number | undefined;

export const VERSION = typeof REGSYNC_VERSION === 'string' ? REGSYNC_VERSION : '0.0.0-source';

/** 1 in every build that is shipped. A build for fault tests runs its clocks faster, to try thousands of points. */
export const TIME_SCALE = typeof REGSYNC_TIME_SCALE === 'number' ? REGSYNC_TIME_SCALE : 1;
