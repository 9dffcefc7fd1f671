import type { Expiry, GroupStatus, Standing, StatusReport } from '../model/status.ts';
import { type Html, html } from './html.ts';
import { daysInWords, STANDING_SIGNS } from './standing.ts';

/** Small pieces of the page that its chapters share. */

/** A standing as its icon, for places where a word stands beside it or in the label around it. */
export function icon(standing: Standing): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${standing}"/></svg>`;
}

/** Icon, colour and word at once. */
export function chip(standing: Standing, word: string = STANDING_SIGNS[standing].word): Html {
  return html`<span class="chip is-${standing}">${icon(standing)}${word}</span>`;
}

/** A group's status as Telnyx has it, and what its standing adds to it. */
export function groupChip({ standing, status }: Pick<GroupStatus, 'standing' | 'status'>): Html {
  const adds = (standing === 'expiring' || standing === 'expired') && standing !== status;
  return chip(standing, adds ? `${status}, ${standing}` : status);
}

export function expiryWords(expiry: Expiry | null): Html | null {
  if (expiry === null) return null;
  return html`<time datetime="${expiry.date}">${expiry.date}</time> <small>${daysInWords(expiry)}</small>`;
}

/** How near an expiry is, as the standing that looks like it. */
export function standingOfExpiry(expiry: Expiry, { warn_days }: StatusReport): Standing {
  if (expiry.days < 0) return 'expired';
  return expiry.days <= warn_days ? 'expiring' : 'open';
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** @param month from 0 */
export function monthName(month: number): string {
  return MONTHS[month] ?? '';
}

/** `1 January 2031, 12:00 UTC` */
export function momentInWords(timestamp: string): string {
  const [year = '', month = '', day = ''] = timestamp.slice(0, 10).split('-');
  return `${Number(day)} ${monthName(Number(month) - 1)} ${year}, ${timestamp.slice(11, 16)} UTC`;
}

/** In English; the code itself where the runtime knows no name. */
export function countryName(code: string): string {
  try {
    return COUNTRY_NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** `1,234` */
export function figure(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
