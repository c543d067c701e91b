import express from 'express';
import type { RequestHandler } from 'express';

/** The fields of a page’s form in `request.body`; where nothing was sent there are none. */
export const parseForm: RequestHandler[] = [
  express.urlencoded({ extended: false }),
  (request, _response, next) => {
    request.body ??= {};
    next();
  },
];
