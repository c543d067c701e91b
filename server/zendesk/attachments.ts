import { z } from 'zod';
import type { ApiCall } from './client.ts';

/** As long as a handler has: at 50 MB a slow line needs it. */
const UPLOAD_TIMEOUT_MS = 30_000;

const OneAttachment = z
  .object({ attachment: z.object({ mediaUrl: z.string() }) })
  .transform(({ attachment }) => attachment);

export function attachmentCalls(call: ApiCall) {
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
  };
}
