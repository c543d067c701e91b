import express, { Router } from 'express';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { z } from 'zod';
import { MAX_FILE_BYTES } from '../../platform/attachments.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { sendLocation } from '../../platform/customer/customer.ts';
import { sendFile } from '../../platform/customer/files.ts';
import { answerForm, FormRefused } from '../../platform/customer/forms.ts';
import { Refused } from '../../refused.ts';
import { readFormData } from '../../web/read-form-data.ts';
import { fieldsSchema, problemsOf } from '../../web/requests.ts';
import { findChat } from './door.ts';
import type { Door } from './door.ts';
import { showChatPage } from './show-chat.ts';
import type { RefusedForm } from './show-chat.ts';

/** The fields around a file are small. */
const MAX_FORM_BYTES = MAX_FILE_BYTES + 64 * 1024;

const uploadSchema = z.object({
  caption: z.string().trim().catch(''),
  file: z.instanceof(File).optional().catch(undefined),
});

/** A number in degrees, also with a decimal comma. */
const degrees = (most: number, name: string) =>
  z
    .string({ error: `Write the ${name}.` })
    .trim()
    .regex(/^[+-]?\d{1,3}([.,]\d{1,15})?$/, { error: `Write the ${name} in degrees, as 52.5.` })
    .transform((text) => Number(text.replace(',', '.')))
    .pipe(
      z
        .number()
        .min(-most, { error: `The ${name} is ${-most} at least.` })
        .max(most, {
          error: `The ${name} is ${most} at most.`,
        }),
    );

const placeSchema = z.object({
  lat: degrees(90, 'latitude'),
  long: degrees(180, 'longitude'),
  name: z.string().trim().max(128, { error: 'A name has 128 characters at most.' }).optional(),
});

/** What a customer sends beside text: files, places and the answers to forms. */
export function createSendRoutes({ platform, door }: { platform: Platform; door: Door }) {
  const router = Router({ mergeParams: true });

  /** Does what the form asks for, or shows it again with what is wrong. */
  function submit(
    request: Request,
    response: Response,
    form: Pick<RefusedForm, 'at' | 'values'>,
    send: () => void,
  ) {
    const { base } = findChat(platform, door, request);
    try {
      send();
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 404 || error.status === 409) throw error;
      const problems = error instanceof FormRefused ? { problems: error.problems } : {};
      const refused = { ...form, problem: error.message, ...problems };
      showChatPage(platform, door, request, response, refused, error.status);
      return;
    }
    response.redirect(303, base);
  }

  router.post(
    '/files',
    express.raw({ type: 'multipart/form-data', limit: MAX_FORM_BYTES }),
    async (request, response) => {
      const { conversation } = findChat(platform, door, request);
      const form = await readFormData(request.body, request.headers['content-type']);
      const { caption, file } = uploadSchema.parse(Object.fromEntries(form ?? []));
      const bytes = file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
      submit(request, response, { at: 'file', values: { caption } }, () =>
        sendFile(platform, conversation, {
          bytes,
          name: file?.name || 'file',
          mediaType: file?.type || 'application/octet-stream',
          ...(caption !== '' && { caption }),
        }),
      );
    },
  );
  router.use('/files', showTooLarge(platform, door));

  router.post('/places', (request, response) => {
    const { conversation } = findChat(platform, door, request);
    const values = fieldsSchema.parse(request.body);
    const place = placeSchema.safeParse(values);
    submit(request, response, { at: 'place', values }, () => {
      if (!place.success) throw new FormRefused(problemsOf(place.error));
      sendLocation(platform, conversation, place.data);
    });
  });

  router.post('/forms/:formId', (request, response) => {
    const { conversation } = findChat(platform, door, request);
    const { formId } = request.params;
    const values = fieldsSchema.parse(request.body);
    submit(request, response, { at: { formId }, values }, () =>
      answerForm(platform, conversation, formId, values),
    );
  });

  return router;
}

function showTooLarge(platform: Platform, door: Door): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const isTooLarge = error instanceof Error && 'status' in error && error.status === 413;
    if (!isTooLarge || error instanceof Refused) {
      next(error);
      return;
    }
    const problem = `A file can have ${MAX_FILE_BYTES / 1024 / 1024} MB at most.`;
    showChatPage(platform, door, request, response, { at: 'file', values: {}, problem }, 413);
  };
}
