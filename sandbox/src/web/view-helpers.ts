import { valueOf } from '../platform/customer/forms.ts';
import type { Content } from '../state/content.ts';
import { isWebAddress } from '../state/values.ts';
import { toSafeHtml } from './safe-html.ts';
import { addressOf } from './site.ts';
import { cutText, initialOf, splitAtLinks } from './text.ts';

/** What browsers show; of other pictures only the name and the way to the file. */
const SHOWN_PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const MAX_REPLY_LABEL = 40;

/** Functions that every view has. */
export const viewHelpers = {
  addressOf,
  initialOf,
  isWebAddress,
  splitAtLinks,
  toSafeHtml,
  valueOf,

  isShownPicture: (content: Extract<Content, { type: 'image' }>): boolean =>
    content.mediaType === undefined || SHOWN_PICTURES.has(content.mediaType),

  /** As much of a reply button's label as the Messenger shows (OpenAPI reply). */
  showReply: (label: string, face: string): string =>
    face === 'messenger' ? cutText(label, MAX_REPLY_LABEL) : label,

  /** `amount` in hundredths; a currency that nobody knows is written behind the number. */
  showPrice(amount: number, currency = 'USD'): string {
    try {
      return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount / 100);
    } catch {
      return `${(amount / 100).toFixed(2)} ${currency}`;
    }
  },

  showSize: (bytes: number): string =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`,

  mapAddress: ({ lat, long }: { lat: number; long: number }): string =>
    `https://www.openstreetmap.org/?mlat=${lat}&mlon=${long}#map=16/${lat}/${long}`,
};
