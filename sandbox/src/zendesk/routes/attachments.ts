import express, { Router } from 'express';
import type { Request } from 'express';
import { addAttachment, findByMediaUrl, mediaUrlOf } from '../../platform/attachments.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { ApiError } from '../../refused.ts';
import type { Attachment } from '../../state/records.ts';
import type { State } from '../../state/state.ts';
import { readFormData } from '../../web/read-form-data.ts';
import { findCaller } from '../authenticate.ts';
import type { Operations } from '../create-operations.ts';
import { showError } from '../errors.ts';
import { attachmentDeleteBody, uploadQuery } from '../bodies/conversation-bodies.ts';
import { parseBody, pathParam } from '../read-request.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

export function createAttachmentRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/',
    express.raw({ type: 'multipart/form-data', limit: '50mb' }),
    operation('UploadAttachment', async ({ account }, { query, body, headers }) => {
      const form = await readFormData(body, headers['content-type']);
      const source = form?.get('source');
      const { conversationId } = parseBody(uploadQuery, query);
      const conversation = state.conversations.get(conversationId ?? '');
      const isOwn = conversationId === undefined || conversation?.account === account.slug;
      if (!(source instanceof File) || !isOwn)
        throw new ApiError(400, 'bad_request', 'Bad request');
      const bytes = Buffer.from(await source.arrayBuffer());
      const file = { bytes, name: source.name, mediaType: source.type };
      const attachment = addAttachment(platform, account, file, conversationId);
      const mediaUrl = mediaUrlOf(platform.url, attachment);
      return { status: 201, body: { attachment: { mediaUrl, mediaType: source.type } } };
    }),
  );

  router.post(
    '/remove',
    operation('DeleteAttachment', ({ account }, request) => {
      const { mediaUrl } = parseBody(attachmentDeleteBody, request.body);
      if (!mediaUrl.startsWith(`${platform.url}/`)) {
        const title = `Unsupported media URL for attachment deletion: ${mediaUrl}`;
        throw new ApiError(400, 'bad_request', title);
      }
      const attachment = findByMediaUrl(platform, mediaUrl);
      if (attachment?.account !== account.slug) {
        throw new ApiError(404, 'not_found', 'Attachment not found');
      }
      state.attachments.delete(attachment.id);
      platform.changes.announce({ account: account.slug });
      return { status: 200, body: {} };
    }),
  );

  return router;
}

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Uploaded files. Only pictures are shown in place: anything else could be a page of its own. */
export function serveAttachments(state: State) {
  const router = Router();
  router.get(['/:id', '/:id/:name'], (request, response, next) => {
    const file = state.attachments.get(pathParam(request, 'id'));
    if (!file) {
      next();
      return;
    }
    if (!mayRead(state, file, request)) {
      const refused = new ApiError(401, 'unauthorized', 'Authorization is required');
      const { status, body } = showError(refused);
      response.status(status).json(body);
      return;
    }
    const isPicture = PICTURES.has(file.mediaType);
    response.set('Content-Disposition', isPicture ? 'inline' : 'attachment');
    response
      .type(isPicture ? file.mediaType : 'application/octet-stream')
      .send(Buffer.from(file.base64, 'base64'));
  });
  return router;
}

/** Where files are private: integrations of the account, and the sandbox's own pages, as browsers mark them. */
function mayRead(state: State, file: Attachment, request: Request): boolean {
  if (state.accounts.get(file.account)?.hasPrivateAttachments !== true) return true;
  if (request.headers['sec-fetch-site'] === 'same-origin') return true;
  return findCaller(state, request)?.account.slug === file.account;
}
