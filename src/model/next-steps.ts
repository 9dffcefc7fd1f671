/**
 * The next steps that a person takes with a flag or a variable, and with an input or a secret on GitHub. Messages are
 * made of these sentences. The action puts its own in their place, and finds them again by the same functions, so a
 * reworded step stays translated.
 */
export const NEXT_STEPS = {
  giveKey: (variable: string) => `Set ${variable}, or add --api-key-file FILE`,
  replaceKey: (variable: string) => `set it as ${variable}`,
  giveText: (variable: string) =>
    `Set it for plan and apply: export ${variable}='…'. validate does not need it.`,
  giveIdentity: () =>
    'Set REGSYNC_AGE_IDENTITY_FILE to a file of `regsync keygen` outside of the repository, or REGSYNC_AGE_IDENTITY to the key itself.',
  makePlanKey: () => 'Make one with `openssl rand -hex 32`, and set the same for plan and apply',
  goToRepository: () => 'add --chdir DIR',
} as const satisfies Readonly<Record<string, (variable: string) => string>>;

/** A name of a step. */
export type NextStep = keyof typeof NEXT_STEPS;
