import { z } from 'zod';
import { word } from '../shared/words.ts';
import type { Download, DownloadOptions, MediaMessage } from '../../runtime/types.ts';

declare module '../../runtime/types.ts' {
  export interface MediaMessage {
    type: 'media';
    /** `image` or `file`. */
    kind: string;
    /** Where it is. Files are private: a browser cannot open it, `download` can. */
    url: string;
    /** `image/png` and so on, as the sender says. */
    mediaType: string | undefined;
    /** Bytes. */
    size: number | undefined;
    name: string;
    /** What is seen, for those who cannot see it; where nobody wrote one, the file's name. */
    altText: string | undefined;
    /**
     * Fetches it, as a stream of up to 50 MB or `maxBytes`, with the account's token where that is asked for.
     * @throws RangeError when it is larger, or is nowhere where the account keeps its files; RemoteError
     */
    download: (options?: DownloadOptions) => Promise<Download>;
  }

  interface MessageKinds {
    media: MediaMessage;
  }
}

/** OpenAPI imageMessage, fileMessage. */
const Media = z.object({
  type: z.enum(['image', 'file']),
  mediaUrl: z.string(),
  mediaType: word,
  mediaSize: z.number().nullish().catch(undefined),
  altText: word,
});

/** Undefined for what is no picture and no file. `download` fetches a file of the account. */
export function readMedia(
  content: object,
  download: (url: string, options?: DownloadOptions) => Promise<Download>,
): MediaMessage | undefined {
  const media = Media.safeParse(content).data;
  if (media === undefined) return undefined;
  const { type: kind, mediaUrl: url, mediaType, mediaSize, altText } = media;
  return {
    type: 'media',
    kind,
    url,
    mediaType,
    size: mediaSize ?? undefined,
    name: altText !== undefined && FILE_NAME.test(altText) ? altText : nameOf(url),
    altText,
    download: (options) => download(url, options),
  };
}

/** Zendesk puts the file's name where nobody described it. */
const FILE_NAME = /^[^/\\]+\.\w{1,10}$/;

/** The last part of an address; nothing that would lead anywhere in a file system. */
function nameOf(url: string): string {
  const part = URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : '';
  try {
    const name = decodeURIComponent(part).split(/[/\\]/).at(-1) ?? '';
    return /^\.*$/.test(name) ? 'file' : name;
  } catch {
    return 'file';
  }
}
