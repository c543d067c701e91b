import type { Bot } from '../../runtime/types.ts';

/** A bot whose handlers are those of the newest one: whoever holds it need not know that it was swapped. */
export function createLiveBot(loadBot: () => Promise<{ bot: Bot }>) {
  let current: Bot | undefined;
  const newest = (): Bot => {
    if (current === undefined) throw new Error('The bot was not loaded yet.');
    return current;
  };
  // It is a whole one as soon as the first is loaded.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const bot = new Proxy({} as Bot, {
    get: (_, name) => Reflect.get(newest(), name),
    has: (_, name) => Reflect.has(newest(), name),
  });

  return {
    bot,

    /**
     * Everything that the bot imports anew, whatever was loaded before; `complete` makes of it what runs.
     * @throws what its files or that throw; then the one before stays.
     */
    async load(complete: (bot: Bot) => Promise<Bot>): Promise<void> {
      const loaded = await loadBot();
      current = await complete(loaded.bot);
    },
  };
}
