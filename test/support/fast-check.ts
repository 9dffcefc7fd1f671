import fc from 'fast-check';

/**
 * The same inputs each time, so that a failure is somebody's doing. To look further:
 * `REGSYNC_PROPERTY_RUNS=1000 REGSYNC_PROPERTY_SEED=$RANDOM npx vitest run test/properties`.
 */
fc.configureGlobal({ seed: Number(process.env.REGSYNC_PROPERTY_SEED || 1) });

export { fc };
