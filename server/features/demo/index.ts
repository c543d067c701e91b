import type { Feature } from '../feature.ts';

/** Something to try out in the sandbox: it answers a few words of its own, and your bot all others. */
export const demo: Feature = {
  name: 'demo',
  async sandboxBot(yours) {
    const { demoBot } = await import('./bot.ts');
    return demoBot(yours);
  },
};
