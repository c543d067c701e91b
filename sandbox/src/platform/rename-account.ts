import { z } from 'zod';
import type { Changes } from '../state/changes.ts';
import type { Account } from '../state/records.ts';
import type { State } from '../state/state.ts';
import { ApiError } from './api-error.ts';

const subdomainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{2,45}$/);

export const subdomainOf = ({ slug, subdomain }: Account): string => subdomain ?? slug;

/** `mark` ends the names of accounts, so that those of two worlds differ. */
export type RenameAccount = (account: Account, name: unknown) => void;

/**
 * Takes effect at once: the API answers at the new subdomain, and at the old one there is nobody
 * (Zendesk help, "Renaming your subdomain").
 */
export function createRenameAccount(options: {
  state: State;
  changes: Changes;
  mark: string;
}): RenameAccount {
  const { state, changes, mark } = options;
  return (account, name) => {
    const parsed = subdomainSchema.safeParse(name);
    if (!parsed.success || account.legacy) {
      const title = 'A subdomain has 3 to 46 letters, digits and hyphens, and no hyphen first.';
      throw new ApiError(400, 'bad_request', title);
    }
    const subdomain = parsed.data.endsWith(mark) ? parsed.data : `${parsed.data}${mark}`;
    const others = [...state.accounts.values()].filter((other) => other !== account);
    if (others.some((other) => subdomain === other.slug || subdomain === other.subdomain)) {
      throw new ApiError(409, 'conflict', 'Another account has this subdomain.');
    }
    account.subdomain = subdomain;
    changes.announce({ account: account.slug });
  };
}
