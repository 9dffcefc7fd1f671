import type { Expiry, GroupStatus, ReviewState, StatusReport } from '../../model/report/status.ts';
import { daysInWords, REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { type Html, html } from './html.ts';

/** Small parts that the sections of the page share. */

/** Returns the icon of a review state, for use beside a word or within a label. */
export function icon(standing: ReviewState): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${standing}"/></svg>`;
}

/** Returns a chip with icon, colour and word. */
export function chip(standing: ReviewState, word: string = REVIEW_STATE_SIGNS[standing].word): Html {
  return html`<span class="chip is-${standing}">${icon(standing)}${word}</span>`;
}

/** Returns the chip of a group: its status at Telnyx, with `expiring` if that applies. */
export function groupChip({ standing, status }: Pick<GroupStatus, 'standing' | 'status'>): Html {
  const adds = (standing === 'expiring' || standing === 'expired') && standing !== status;
  return chip(standing, adds ? `${status}, ${standing}` : status);
}

export function expiryWords(expiry: Expiry | null): Html | null {
  if (expiry === null) return null;
  return html`<time datetime="${expiry.date}">${expiry.date}</time> <small>${daysInWords(expiry)}</small>`;
}

/** Returns the review state whose look fits the nearness of an expiry. */
export function reviewStateOfExpiry(expiry: Expiry, { warn_days }: StatusReport): ReviewState {
  if (expiry.days < 0) return 'expired';
  return expiry.days <= warn_days ? 'expiring' : 'open';
}

/** @param month the month from 0. */
export function monthName(month: number): string {
  return MONTH_NAMES.format(Date.UTC(2000, month));
}

const MONTH_NAMES = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

/** Formats a time: `1 January 2031, 12:00 UTC` */
export function momentInWords(timestamp: string): string {
  const [year = '', month = '', day = ''] = timestamp.slice(0, 10).split('-');
  return `${Number(day)} ${monthName(Number(month) - 1)} ${year}, ${timestamp.slice(11, 16)} UTC`;
}

/** Returns the English name, or the code if the runtime does not have one. */
export function countryName(code: string): string {
  try {
    return COUNTRY_NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** Formats a number: `1,234` */
export function figure(number: number): string {
  return number.toLocaleString('en');
}
