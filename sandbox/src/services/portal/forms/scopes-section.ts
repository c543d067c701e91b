import { z } from 'zod';
import { scopeNames } from '../../zocks/scope-catalogue.ts';
import type { Section } from './section.ts';

const pickedSchema = z.object({ scope: z.union([z.string(), z.array(z.string())]).catch([]) });

/** No scope at all is fine. `extra` are scopes the app has and the picker does not. */
export function createScopesSection(extra: string[] = []): Section {
  const offered = new Set([...scopeNames, ...extra]);
  return {
    key: 'scopes',
    title: 'Scopes',
    read(body) {
      const picked = [pickedSchema.parse(body ?? {}).scope].flat();
      return { scopes: [...new Set(picked)] };
    },
    findProblems: ({ scopes }) =>
      scopes.every((scope) => offered.has(scope)) ? {} : { scope: 'Choose from the list.' },
  };
}
