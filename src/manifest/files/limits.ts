/** What Telnyx takes at most (documented as 20 MB). */
export const LARGEST_DOCUMENT_BYTES = 20_000_000;
