import { z } from 'zod';
import type { Refusal } from '../remote-error.ts';

const word = z.string().min(1).optional().catch(undefined);
const OneError = z
  .looseObject({ code: word, title: word })
  .refine(({ code, title }) => code !== undefined || title !== undefined);
const Body = z.looseObject({ errors: z.array(OneError).min(1) });

/** How Zendesk words a refusal: `{errors: [{code, title}]}` (OpenAPI errorResponse). */
export function readZendeskForm(body: unknown): Refusal | undefined {
  const first = Body.safeParse(body).data?.errors[0];
  return first && { code: first.code, reason: first.title };
}
