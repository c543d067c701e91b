import { z } from 'zod';
import { isWebAddress } from '../../../state/web-address.ts';
import type { Problems, Section } from './section.ts';

const field = z.string().trim().catch('');
const fieldsSchema = z.object({ removeUrl: field, configurationUrl: field });

/** What only a marketplace bot has. */
export const marketplaceSection: Section = {
  key: 'marketplace',
  title: 'Marketplace',
  read: (body) => fieldsSchema.parse(body ?? {}),
  findProblems({ removeUrl, configurationUrl }) {
    const problems: Problems = {};
    for (const [name, value] of Object.entries({ removeUrl, configurationUrl })) {
      if (value !== '' && !isWebAddress(value)) {
        problems[name] = 'Enter a whole address, like https://example.com/remove.';
      }
    }
    return problems;
  },
};
