import { z } from 'zod';
import type { ApiCall } from './client.ts';
import { downloadFile, type Download, type DownloadOptions, type FileAccess } from './download.ts';

/** As long as a handler has: at 50 MB a slow line needs it. */
const UPLOAD_TIMEOUT_MS = 30_000;

const OneAttachment = z
  .object({ attachment: z.object({ mediaUrl: z.string() }) })
  .transform(({ attachment }) => attachment);

export function attachmentCalls(
  call: ApiCall,
  files: FileAccess,
  account: () => { baseUrl: string; token: string },
) {
  return {
    /** It goes with its message, conversation or customer (OpenAPI UploadAttachment). Returns its address. */
    async upload(conversationId: string, file: File): Promise<string> {
      const form = new FormData();
      form.set('source', file);
      const query = `access=public&for=message&conversationId=${encodeURIComponent(conversationId)}`;
      const path = `/attachments?${query}`;
      const { mediaUrl } = await call('UploadAttachment', 'POST', path, OneAttachment, form, {
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
      return mediaUrl;
    },

    /** A file of a message, from where it says that it is. @throws RangeError, RemoteError */
    download: (
      mediaUrl: string,
      options: DownloadOptions & { signal: AbortSignal },
    ): Promise<Download> => downloadFile(files, account(), mediaUrl, options),
  };
}
