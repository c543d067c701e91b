import express, { type RequestHandler } from 'express';
import { requireCsrfToken } from './csrf.ts';
import { limitPerMinute } from './rate-limits.ts';

const fields = express.urlencoded({ extended: false, limit: '100kb' });

/** Ahead of the handler of a form: so many a minute, its fields, its CSRF token. */
export function acceptForm(perMinute: number): RequestHandler[] {
  return [limitPerMinute(perMinute), fields, requireCsrfToken];
}
