import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { Upload, UploadSource } from '../../runtime/types.ts';
import type { ZendeskClient } from '../../zendesk/client.ts';

declare module '../../runtime/types.ts' {
  /** Bytes, a stream of them, or the path of a file. */
  export type UploadSource = Uint8Array | AsyncIterable<Uint8Array> | string | URL;

  interface Tools {
    /**
     * A file for an image, a file or a card: `send({ type: 'image', mediaUrl: upload(bytes, …) })`. It is read
     * and uploaded when its message is sent, up to 50 MB, and once like the message. @throws RangeError
     */
    upload: (source: UploadSource, file: { name: string; mediaType: string }) => Upload;
  }
}

/** "File upload: 50mb" (OpenAPI, Request Size Limits), of which the form around it needs a little. */
export const MAX_FILE_BYTES = 50_000_000;
/** As long as a handler has: at 50 MB a slow line needs it. */
const UPLOAD_TIMEOUT_MS = 30_000;

const OneAttachment = z.object({ attachment: z.object({ mediaUrl: z.string() }) });

/** It goes with its message, conversation or customer (OpenAPI UploadAttachment). Returns its address. */
export async function uploadAttachment(
  client: Pick<ZendeskClient, 'call'>,
  conversationId: string,
  file: File,
): Promise<string> {
  const form = new FormData();
  form.set('source', file);
  const query = `access=public&for=message&conversationId=${encodeURIComponent(conversationId)}`;
  const path = `/attachments?${query}`;
  const timeoutMs = UPLOAD_TIMEOUT_MS;
  const { attachment } = await client.call('UploadAttachment', 'POST', path, OneAttachment, form, {
    timeoutMs,
  });
  return attachment.mediaUrl;
}

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:;.*)?$/;

/** Neither reads nor sends anything before its address is needed. @throws RangeError */
export function openUpload(
  source: UploadSource,
  { name, mediaType }: { name: string; mediaType: string },
  send: (file: File) => Promise<string>,
): Upload {
  if (name === '') refuse('name', 'is empty: the customer sees it');
  if (!MEDIA_TYPE.test(mediaType))
    refuse('mediaType', `is “${mediaType}”: write it like image/png`);
  if (source instanceof Uint8Array) checkSize(name, source.length);
  let address: Promise<string> | undefined;
  return {
    name,
    mediaType,
    url: () =>
      (address ??= readSource(name, source).then((bytes) =>
        send(new File(bytes, name, { type: mediaType })),
      )),
    isAt(url) {
      address ??= Promise.resolve(url);
      // Nobody will read it.
      if (source instanceof Readable) source.destroy();
      else if (source instanceof ReadableStream) source.cancel().catch(() => {});
    },
  };
}

/** The whole of it: a call that is repeated at another address sends it again. */
async function readSource(name: string, source: UploadSource): Promise<Uint8Array<ArrayBuffer>[]> {
  if (source instanceof Uint8Array) return [new Uint8Array(source)];
  if (typeof source === 'string' || source instanceof URL) return [await readPath(name, source)];
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    // Leaving the loop ends the stream.
    checkSize(name, Math.max(size, 1));
    chunks.push(new Uint8Array(chunk));
  }
  checkSize(name, size);
  return chunks;
}

async function readPath(name: string, path: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  if (/^https?:/.test(String(path)))
    refuse('source', 'is an address: give it as mediaUrl, without upload()');
  try {
    const { size } = await stat(path);
    checkSize(name, size);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Error(`upload() cannot read ${name}: ${messageOf(error)}`, { cause: error });
  }
}

function checkSize(name: string, size: number): void {
  if (size === 0) refuse(name, 'is empty');
  if (size > MAX_FILE_BYTES)
    refuse(name, `has ${size} bytes or more; Zendesk takes ${MAX_FILE_BYTES}`);
}

function refuse(what: string, problem: string): never {
  throw new RangeError(`upload(): ${what} ${problem}. Nothing of it was sent.`);
}
