import { vi } from 'vitest';
import type { Profile, Tools } from '../../../server/runtime/types.ts';

const profile: Profile = {
  id: 'customer',
  externalId: undefined,
  signedUpAt: undefined,
  name: 'Jane Doe',
  givenName: 'Jane',
  surname: 'Doe',
  metadata: {},
  identities: [],
};

/** For `fakeTools(fakeCustomer())`: a customer to be asked about and changed, who has said nothing before. */
export const fakeCustomer = () => ({
  customer: {
    id: 'customer',
    externalId: undefined,
    isAuthenticated: false,
    profile: vi.fn<Tools['customer']['profile']>(async () => profile),
    update: vi.fn<Tools['customer']['update']>(),
  },
  history: vi.fn<Tools['history']>(async () => []),
  zendesk: { call: vi.fn<Tools['zendesk']['call']>() },
});
