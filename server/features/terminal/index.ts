import { ATTEMPT_FAILED } from '../../inbox/handle-event.ts';
import type { Feature, Terminal } from '../feature.ts';
import { drawBanner } from './banner.ts';
import { drawLogLine } from './log-line.ts';
import { createTeller } from './messages.ts';

export const terminal: Feature = createTerminal(process.stdout);

/**
 * What a developer's terminal shows in place of lines of JSON: the log as people read it, where everything
 * is, and what customers write and the bot makes of it. In production, and where no terminal is, there is
 * nothing of it.
 */
export function createTerminal(screen: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>): Feature {
  let isThere = false;
  const write = (text: string): void => void screen.write(text);

  function find(config: { production: boolean; logLevel: string }): Terminal | undefined {
    isThere = !config.production && screen.isTTY;
    if (!isThere) return undefined;
    // Told below what the customer wrote, with the place where it was thrown.
    const toldOtherwise = config.logLevel === 'debug' ? [] : [ATTEMPT_FAILED];
    return {
      write: (line) => write(drawLogLine(line, toldOtherwise)),
      announce: (app) => write(drawBanner(app)),
    };
  }

  return {
    name: 'terminal',
    terminal: find,
    open: (core) => (isThere ? { observer: createTeller(core, write) } : {}),
  };
}
