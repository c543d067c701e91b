import { services } from './services.ts';
import type { Service } from './services/service.ts';

/** Of the services that programs call; where such a call leads and how it is refused. */
export const apis = services.flatMap(({ name, api }: Service) => (api ? [{ name, ...api }] : []));
export const oauthNames = apis.map(({ name }) => name).join('|');

/** What programs call, in contrast to pages. */
const CALLS = [
  /^\/sc\/(?!oauth\/authorize\b)/i,
  /^\/accounts\/[^/]+\/sc\//i,
  /^\/legacy\//i,
  /^\/attachments\//i,
  /^\/(\w+\/)?\.well-known\//i,
  ...apis.map(({ name, path }) => new RegExp(`^/${name}/${path}/`, 'i')),
  new RegExp(`^/(${oauthNames})/oauth/(token|revoke)\\b`, 'i'),
];

export function isMachineCall(path: string): boolean {
  return CALLS.some((call) => call.test(path));
}
