import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import type { MessageContent } from '../../zendesk/content.ts';

/** Bytes, a stream of them, or the path of a file. */
export type UploadSource = Uint8Array | AsyncIterable<Uint8Array> | string | URL;

/** A file to be sent, in place of its address: `send({ type: 'image', mediaUrl: upload(…) })`. */
export interface Upload {
  name: string;
  mediaType: string;
  /** Uploads it, unless that was done, and returns where it is. @throws RemoteError, RangeError */
  url: () => Promise<string>;
  /** An earlier attempt has uploaded it. */
  isAt: (url: string) => void;
}

/** What a bot sends: files by their address, or to be uploaded when the message is sent. */
export type OutgoingContent = MessageContent<string | Upload>;

/** "File upload: 50mb" (OpenAPI, Request Size Limits), of which the form around it needs a little. */
export const MAX_FILE_BYTES = 50_000_000;

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

/** Where the files of a content are, the first time it is sent. One after the other: each is held whole. */
export async function uploadFiles(content: OutgoingContent): Promise<MessageContent> {
  if (content.type === 'image' || content.type === 'file')
    return { ...content, mediaUrl: await addressOf(content.mediaUrl) };
  if (content.type !== 'carousel' && content.type !== 'list') return content;
  const items = [];
  for (const { mediaUrl, ...item } of content.items)
    items.push(mediaUrl === undefined ? item : { ...item, mediaUrl: await addressOf(mediaUrl) });
  return { ...content, items };
}

async function addressOf(file: string | Upload): Promise<string> {
  return typeof file === 'string' ? file : await file.url();
}

const Media = z.looseObject({ mediaUrl: z.string().optional().catch(undefined) });
const Sent = Media.extend({ items: z.array(Media).optional().catch(undefined) });

/** An earlier attempt has sent the content: its files are where the message that it made says. */
export function recallFiles(content: OutgoingContent, sent: unknown): void {
  const { mediaUrl, items = [] } = Sent.safeParse(sent).data ?? {};
  if (content.type === 'image' || content.type === 'file') recallFile(content.mediaUrl, mediaUrl);
  if (content.type === 'carousel' || content.type === 'list')
    for (const [index, item] of content.items.entries())
      recallFile(item.mediaUrl, items[index]?.mediaUrl);
}

function recallFile(file: string | Upload | undefined, address: string | undefined): void {
  if (typeof file === 'object' && address !== undefined) file.isAt(address);
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
