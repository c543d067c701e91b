import { Router } from 'express';
import { pathParam } from './path-param.ts';
import type { Attachments } from './create-attachments.ts';

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
