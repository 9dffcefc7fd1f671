export interface ReleaseFiles {
  readonly manifest: string;
  readonly lock: string;
  readonly changelog: string;
  readonly documents: Readonly<Record<string, string>>;
}

export function findDisagreements(files: ReleaseFiles, tag?: string | null): readonly string[];
export function notesOf(changelog: string, version: string): string;
export function nameUnreleased(changelog: string, version: string, day: string): string;
