import { LEAST_SCOPES } from '../zocks/scope-catalogue.ts';
import type { Person } from '../zocks/zocks-state.ts';
import type { TypedApp } from './forms/sections.ts';
import type { Draft, PortalState } from './portal-state.ts';

interface DraftsOptions {
  state: PortalState;
  /** Called after each change. */
  announce: () => void;
}

export const EMPTY_APP: TypedApp = {
  platform: 'zocks',
  details: { logoUrl: '', name: '', shortDescription: '', about: '', whatYouCanDo: '' },
  redirectUris: [],
  scopes: LEAST_SCOPES,
  installUrl: '',
  removeUrl: '',
  configurationUrl: '',
  testAccount: '',
};

/** What somebody has typed into the wizard so far: one draft a person, kept until it is an app. */
export function createDrafts({ state: { drafts }, announce }: DraftsOptions) {
  const open = ({ id }: Person): Draft => drafts.get(id) ?? { ...EMPTY_APP, personId: id };

  return {
    has: ({ id }: Person): boolean => drafts.has(id),
    /** A new one when there is none. */
    open,
    save(person: Person, changes: Partial<Omit<Draft, 'personId'>>): Draft {
      const draft = { ...open(person), ...changes };
      drafts.set(person.id, draft);
      announce();
      return draft;
    },
    discard({ id }: Person): void {
      drafts.delete(id);
      announce();
    },
  };
}
