import { z } from 'zod';
import { isWebAddress } from '../../../state/values.ts';
import { scopeNames } from '../../zocks/scope-catalogue.ts';
import type { Draft } from '../portal-state.ts';

/** An app as forms have it: right or wrong, as it was typed. */
export type TypedApp = Omit<Draft, 'personId'>;

/** Field name to the sentence beside it. */
export type Problems = Record<string, string>;

/** One step of the wizard, and one page of Manage app. */
export interface Section {
  /** In addresses, and the name of its view. */
  key: string;
  title: string;
  read(body: unknown): Partial<TypedApp>;
  /** Empty: all is well. */
  findProblems(typed: TypedApp): Problems;
}

const pickedSchema = z.object({ scope: z.union([z.string(), z.array(z.string())]).catch([]) });

/** No scope at all is fine. `extra` are scopes the app has and the picker does not. */
export function createScopesSection(extra: string[] = []): Section {
  const offered = new Set([...scopeNames, ...extra]);
  return {
    key: 'scopes',
    title: 'Scopes',
    read(body) {
      const picked = [pickedSchema.parse(body).scope].flat();
      return { scopes: [...new Set(picked)] };
    },
    findProblems: ({ scopes }) =>
      scopes.every((scope) => offered.has(scope)) ? {} : { scope: 'Choose from the list.' },
  };
}

const field = z.string().trim().catch('');
const fieldsSchema = z.object({
  installUrl: field,
  removeUrl: field,
  configurationUrl: field,
  testAccount: field,
});

/** What only a marketplace bot has. `accounts`: those of Zendesk, by slug. */
export function createMarketplaceSection(accounts: ReadonlyMap<string, unknown>): Section {
  return {
    key: 'marketplace',
    title: 'Marketplace',
    read: (body) => fieldsSchema.parse(body),
    findProblems({ installUrl, removeUrl, configurationUrl, testAccount }) {
      const problems: Problems = {};
      for (const [name, value] of Object.entries({ installUrl, removeUrl, configurationUrl })) {
        if (value !== '' && !isWebAddress(value)) {
          problems[name] = 'Enter a whole address, like https://example.com/remove.';
        }
      }
      if (testAccount !== '' && !accounts.has(testAccount)) {
        problems['testAccount'] = 'Choose from the list.';
      }
      return problems;
    },
  };
}
