import express, { Router } from 'express';
import { ApiError } from '../platform/api-error.ts';
import type { Attachments } from './create-attachments.ts';
import type { Operations } from './create-operations.ts';

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
