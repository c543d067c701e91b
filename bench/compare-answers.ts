import type { PostgresCluster } from '../test/support/postgres.ts';
import { measureAnswers, type AnswerFigures } from './measure-answers.ts';
import { pinToCore } from './process-tree.ts';
import { startStandIn } from './stand-in.ts';
import { startContestant } from './start-contestant.ts';

/** The bot that keeps nothing, and ours on both engines, one after the other, each with the machine to itself. */
export async function compareAnswers(options: {
  roundMs: number;
  /** Messages a second. */
  rates: readonly number[];
  postgres: PostgresCluster | undefined;
  newFolder: () => Promise<string>;
  progress: (text: string) => void;
}): Promise<AnswerFigures[]> {
  const { postgres, newFolder, progress } = options;
  const standIn = await startStandIn();

  async function measure(name: string, server: string, args: string[], alsoPid?: number) {
    progress(`from delivery to reply: ${name}`);
    const contestant = await startContestant(name, server, [...args, standIn.url]);
    pinToCore(contestant.pid, 0);
    try {
      return await measureAnswers(contestant, standIn, { ...options, alsoPid });
    } finally {
      contestant.stop();
    }
  }

  try {
    const figures = [
      await measure('naive bot, keeps nothing', 'naive-bot', []),
      await measure('Shopkeeper on SQLite', 'shopkeeper', [await newFolder(), '']),
    ];
    if (postgres === undefined) return figures;
    const url = await postgres.createDatabase('bench_answers');
    const ours = 'Shopkeeper on PostgreSQL';
    return [...figures, await measure(ours, 'shopkeeper', ['', url], postgres.pid())];
  } finally {
    standIn.close();
  }
}
