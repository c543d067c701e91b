import { expect, it } from 'vitest';
import { expectNone, tellSecrets } from '../../support/secrets/tell-secrets.ts';

const METRICS_TOKEN = 'a-token-for-whoever-scrapes';

it('no metric has a secret in it, and no log line the token that is for them', async () => {
  const { shop, secrets } = await tellSecrets({ variables: () => ({ METRICS_TOKEN }) });
  try {
    const authorization = `Bearer ${METRICS_TOKEN}`;
    const metrics = await fetch(`${shop.url}/metrics`, { headers: { authorization } });
    await fetch(`${shop.url}/metrics?token=${METRICS_TOKEN}`);
    const shown = await metrics.text();
    expect(shown, 'the metrics were read').toContain('operation="PostMessage"');
    expectNone([...secrets, METRICS_TOKEN], { metrics: shown, log: shop.printed.join('') });
  } finally {
    await shop.close();
  }
});
