/** The largest document that Telnyx accepts (documented as 20 MB). */
export const MAX_DOCUMENT_BYTES = 20_000_000;
