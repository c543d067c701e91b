import { z } from 'zod';
import { Refused } from '../refused.ts';
import type { Changes } from '../state/changes.ts';
import type { Account } from '../state/records.ts';
import type { State } from '../state/state.ts';

const subdomainSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{2,45}$/);

export const subdomainOf = ({ slug, subdomain }: Account): string => subdomain ?? slug;

/**
 * Takes effect at once: the API answers at the new subdomain, and at the old one there is nobody
 * (Zendesk help, "Renaming your subdomain").
 * @param worldSuffix ends the name, so that those of two worlds differ.
 */
export function renameAccount(
  {
    state,
    changes,
    worldSuffix,
  }: { state: Pick<State, 'accounts'>; changes: Changes; worldSuffix: string },
  account: Account,
  name: unknown,
): void {
  const parsed = subdomainSchema.safeParse(name);
  if (!parsed.success || account.legacy) {
    throw new Refused(
      400,
      'A subdomain has 3 to 46 letters, digits and hyphens, and no hyphen first.',
    );
  }
  const subdomain = parsed.data.endsWith(worldSuffix)
    ? parsed.data
    : `${parsed.data}${worldSuffix}`;
  const others = [...state.accounts.values()].filter((other) => other !== account);
  if (others.some((other) => subdomain === other.slug || subdomain === other.subdomain)) {
    throw new Refused(409, 'Another account has this subdomain.');
  }
  account.subdomain = subdomain;
  changes.announce({ account: account.slug });
}

interface Needs {
  changes: Changes;
}

/** Whether files can be read without a token of the account (Zendesk help, "private attachments"). */
export function setPrivateAttachments({ changes }: Needs, account: Account, isOn: boolean): void {
  account.hasPrivateAttachments = isOn;
  changes.announce({ account: account.slug });
}

/** `release`: Zendesk releases control when a customer ends the session; `conversational`: the bot has to. */
export function setControlSetting(
  { changes }: Needs,
  account: Account,
  setting: Account['controlSetting'],
): void {
  account.controlSetting = setting;
  changes.announce({ account: account.slug });
}

/** Whether the Messenger offers customers to end their sessions (help 10046732687770). */
export function setCustomersMayEnd({ changes }: Needs, account: Account, mayEnd: boolean): void {
  account.customersMayEnd = mayEnd;
  changes.announce({ account: account.slug });
}
