import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import type { Bot } from '../../runtime/types.ts';

/** A bot whose handlers are those of the newest one: whoever holds it need not know that it was swapped. */
export function createLiveBot(root: string, isSandbox: boolean) {
  let current: Bot | undefined;
  const newest = (): Bot => {
    if (current === undefined) throw new Error('The bot was not loaded yet.');
    return current;
  };
  const bot = new Proxy<Partial<Bot>>(
    {},
    {
      get: (_, name) => Reflect.get(newest(), name),
      has: (_, name) => Reflect.has(newest(), name),
    },
  );

  return {
    bot: bot as Bot,

    /** Everything that the bot imports anew, whatever was loaded before. @throws what its files throw. */
    async load(): Promise<void> {
      const parentURL = pathToFileURL(join(root, 'server', 'bot', '/')).href;
      const { chooseBot }: typeof import('../../bot/choose-bot.ts') = await tsImport(
        './choose-bot.ts',
        parentURL,
      );
      current = chooseBot(isSandbox);
    },
  };
}
