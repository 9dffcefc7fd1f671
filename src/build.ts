/** What the build writes in; tests that run the sources have none of it. */
declare const REGSYNC_VERSION: string | undefined;
/** What tests set before they load the program. */
declare const REGSYNC_TIME_SCALE: number | undefined;

export const VERSION = typeof REGSYNC_VERSION === 'string' ? REGSYNC_VERSION : '0.0.0-source';

/** 1 wherever nobody tests: there, clocks run faster, so that thousands of points can be tried. */
export const TIME_SCALE = typeof REGSYNC_TIME_SCALE === 'number' ? REGSYNC_TIME_SCALE : 1;
