import { ApiError, Refused } from '../refused.ts';
import type { Account, Attachment } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { newId } from '../state/values.ts';
import type { Platform } from './create-platform.ts';

/** "File upload: 50mb" (request size limits of the API). */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;

export const ENDING_REFUSED = 'File rejected. File extension not allowed';

/** Of the files that Zendesk takes, whoever sends them (docs.smooch.io, "File Validation"). */
const TAKEN_ENDINGS = new Set(
  (
    '3g2 3gp 7z aac amr avi bmp csv doc docx eml gif heic heif ics jfif jpeg jpg key log m4a m4v mov mp3 mp4 mp4a ' +
    'mpeg mpg mpga neon numbers odt oga ogg ogv opus pages pdf png pps ppsx ppt pptx qt svg tif tiff txt vcf wav ' +
    'webm webp wmv xls xlsx xml yaml yml zip'
  ).split(' '),
);

export interface NewFile {
  bytes: Buffer;
  /** With its ending, as `tent.png`. */
  name: string;
  mediaType: string;
}

type Needs = Pick<Platform, 'state' | 'changes' | 'limits' | 'worldSuffix'>;

/**
 * Keeps a file. The oldest go where the sandbox has no room for all.
 * @param conversationId when that conversation is deleted, so is the file.
 * @throws Refused 413 when it is too large, ApiError 415 when Zendesk takes none of its kind.
 */
export function addAttachment(
  { state, changes, limits, worldSuffix }: Needs,
  account: Account,
  { bytes, name, mediaType }: NewFile,
  conversationId?: string,
): Attachment {
  const most = Math.min(MAX_FILE_BYTES, limits.attachmentBytes);
  if (bytes.length > most) {
    throw new Refused(413, `A file can have ${Math.floor(most / 1024)} KB at most.`);
  }
  if (!hasTakenEnding(name)) {
    throw new ApiError(415, 'unsupported_media_type', ENDING_REFUSED);
  }
  const attachment: Attachment = {
    id: `${newId()}${worldSuffix}`,
    account: account.slug,
    name,
    mediaType,
    base64: bytes.toString('base64'),
    ...(conversationId !== undefined && { conversationId }),
  };
  state.attachments.set(attachment.id, attachment);
  for (const [oldest] of state.attachments) {
    const isFull = bytesOf(state) > limits.attachmentBytes;
    if (state.attachments.size <= limits.attachments && !isFull) break;
    state.attachments.delete(oldest);
  }
  changes.announce({ account: account.slug });
  return attachment;
}

/** A name that has none passes: what Zendesk makes of it is not written anywhere. */
export function hasTakenEnding(name: string): boolean {
  const [, ending] = /\.([^.]*)$/.exec(name) ?? [];
  return ending === undefined || TAKEN_ENDINGS.has(ending.toLowerCase());
}

/** "The field will be saved by default with the file name as the value." By characters: none is cut in two. */
export function altTextOf(name: string): string {
  return Array.from(name).slice(0, 128).join('');
}

/** Bytes. */
export function sizeOf({ base64 }: Attachment): number {
  return Buffer.byteLength(base64, 'base64');
}

function bytesOf({ attachments }: State): number {
  return [...attachments.values()].reduce((sum, one) => sum + sizeOf(one), 0);
}

export function mediaUrlOf(url: string, { id, name }: Attachment): string {
  return `${url}/attachments/${id}/${encodeURIComponent(name)}`;
}

/** The file at an address of ours; undefined: it is gone, or the address is another's. */
export function findByMediaUrl(
  { state, url }: Pick<Platform, 'state' | 'url'>,
  mediaUrl: string,
): Attachment | undefined {
  const [, id = ''] = /^\/attachments\/([^/]+)/.exec(mediaUrl.slice(url.length)) ?? [];
  return mediaUrl.startsWith(`${url}/`) ? state.attachments.get(id) : undefined;
}
