import { Router } from 'express';
import { afterEach, describe, it, vi } from 'vitest';
import type { Feature } from '../../server/features/feature.ts';
import { features } from '../../server/features.ts';
import { beginAndFail, expectQuietEnd } from '../support/begun-answer.ts';
import { startShop, type Shop } from '../support/start-shop.ts';

const probe: Feature = {
  name: 'probe',
  open: () => ({ pages: Router().get('/probe', beginAndFail) }),
};

describe('a page that fails when it has begun', () => {
  let shop: Shop;
  afterEach(async () => {
    vi.unstubAllEnvs();
    await shop.close();
  });

  it('ends there, and what the error carries is printed nowhere', async () => {
    // In a test Express prints nothing.
    vi.stubEnv('NODE_ENV', 'production');
    shop = await startShop({ features: [...features, probe] });
    await expectQuietEnd(shop, '/probe');
  });
});
