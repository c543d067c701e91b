import express, { Router } from 'express';
import { ApiError } from '../refused.ts';
import { newId } from '../state/values.ts';
import type { Operations } from './create-operations.ts';
import { pathParam } from './read-request.ts';

export interface Attachment {
  type: string;
  bytes: Buffer;
}

export type Attachments = ReturnType<typeof createAttachments>;

/** Uploaded files: the newest `kept`, until the sandbox stops. */
export function createAttachments({ kept }: { kept: number }) {
  const files = new Map<string, Attachment>();
  return {
    add(attachment: Attachment): string {
      const id = newId();
      files.set(id, attachment);
      const [oldest] = files.keys();
      if (files.size > kept && oldest !== undefined) files.delete(oldest);
      return id;
    },
    /** Of all that are kept. */
    bytes: (): number => [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
    find: (id: string): Attachment | undefined => files.get(id),
  };
}

interface RoutesOptions {
  operations: Operations;
  attachments: Attachments;
  url: string;
}

export function createAttachmentRoutes({ operations, attachments, url }: RoutesOptions) {
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    express.raw({ type: 'multipart/form-data', limit: '50mb' }),
    operations.operation('UploadAttachment', async (_caller, { query, body, headers }) => {
      const source = await readSource(body, headers['content-type'] ?? '');
      if (query['access'] !== 'public' || !source) {
        throw new ApiError(400, 'bad_request', 'Bad request');
      }
      const id = attachments.add({
        type: source.type,
        bytes: Buffer.from(await source.arrayBuffer()),
      });
      const attachment = { mediaUrl: `${url}/attachments/${id}`, mediaType: source.type };
      return { status: 201, body: { attachment } };
    }),
  );

  return router;
}

async function readSource(body: unknown, contentType: string): Promise<File | undefined> {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    const form = await new Response(body, { headers: { 'Content-Type': contentType } }).formData();
    const source = form.get('source');
    return source instanceof File ? source : undefined;
  } catch {
    return undefined;
  }
}

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Uploaded files. Only pictures are shown in place: anything else could be a page of its own. */
export function serveAttachments(attachments: Attachments) {
  const router = Router();
  router.get('/:id', (request, response, next) => {
    const file = attachments.find(pathParam(request, 'id'));
    if (!file) {
      next();
      return;
    }
    const isPicture = PICTURES.has(file.type);
    response.set('Content-Disposition', isPicture ? 'inline' : 'attachment');
    response.type(isPicture ? file.type : 'application/octet-stream').send(file.bytes);
  });
  return router;
}
