import { z } from 'zod';
import type { AppDetails } from '../../../state/registered-app.ts';
import { isWebAddress } from '../../../state/values.ts';
import { platformSchema } from '../portal-state.ts';
import type { TypedDetails } from '../portal-state.ts';
import type { Problems, Section } from './sections.ts';

/** Browsers send line breaks as CR LF. */
const text = z
  .string()
  .catch('')
  .transform((value) => value.replaceAll('\r\n', '\n').trim());

const fieldsSchema = z.object({
  logoUrl: text,
  name: text,
  shortDescription: text,
  about: text,
  whatYouCanDo: text,
});

/** A new app says what it will be; later that cannot be changed. */
const choiceSchema = z.object({ platform: platformSchema.optional().catch(undefined) });

export const detailsSection: Section = {
  key: 'details',
  title: 'App details',
  read(body) {
    const { platform } = choiceSchema.parse(body);
    return { details: fieldsSchema.parse(body), ...(platform && { platform }) };
  },
  findProblems({ details: { name, logoUrl } }) {
    const problems: Problems = {};
    const logo = findLogoProblem(logoUrl);
    if (logo !== undefined) problems['logoUrl'] = logo;
    if (name === '') problems['name'] = 'Enter the name that users will see.';
    return problems;
  },
};

/** Only the address: the picture is for the browser to look at, this server never fetches it. */
function findLogoProblem(logoUrl: string): string | undefined {
  if (logoUrl === '') return undefined;
  if (!isWebAddress(logoUrl)) return 'Enter an address that starts with https://.';
  const extension = /\.([a-z0-9]+)$/i.exec(new URL(logoUrl).pathname)?.[1]?.toLowerCase() ?? 'png';
  return ['png', 'svg'].includes(extension) ? undefined : 'Use a PNG or SVG picture.';
}

export function toDetails(typed: TypedDetails): AppDetails {
  const lines = typed.whatYouCanDo.split('\n').map((line) => line.trim());
  return { ...typed, whatYouCanDo: lines.filter((line) => line !== '') };
}

export function toTypedDetails(details: AppDetails): TypedDetails {
  return { ...details, whatYouCanDo: details.whatYouCanDo.join('\n') };
}
