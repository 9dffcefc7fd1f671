/** The names of files that people write: manifests, the configuration, documents, and the files of git. */
const SOURCE =
  /\.(?:ya?ml|age|pdf|png|jpe?g|tiff?|docx?|xlsx?|csv)$|\.schema\.json$|(?:^|\/)\.regsync\/recipients$|(?:^|\/)\.git(?:\/|ignore$|attributes$|modules$)/i;

/** @param path with `/`, absolute or from the repository. */
export function isSourceName(path: string): boolean {
  return SOURCE.test(path);
}
