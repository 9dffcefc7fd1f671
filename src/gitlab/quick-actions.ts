/**
 * Escapes each line that GitLab would carry out as a quick action, such as `/merge`, and take out of the note.
 * GitLab looks for them outside of code only, but a name from outside decides nothing here.
 */
export function escapeQuickActions(text: string): string {
  return text.replace(/^([ \t>]*)\/(?=[A-Za-z])/gm, '$1\\/');
}
