import { openCustomers } from '../load/customers.ts';
import { openConnection, type Connection } from '../load/generate-load.ts';
import { startStandIn, type StandIn } from '../load/stand-in.ts';
import type { Contestant } from '../start-contestant.ts';
import { median } from './statistics.ts';

/** In a round; as many before the first one. */
const PAGES = 200;
/** Answers of /healthz for each page: one takes too little to be measured by itself. */
const PINGS = 5;

export interface PageFigures {
  name: string;
  /** In ms of processor time. */
  cpuMs: number;
  kb: number;
}

/**
 * What an account's page costs the server, and an answer of /healthz, by turns: medians. Customers have
 * written before, and what became of it is kept as far as it ever is.
 */
export async function measurePage(
  name: string,
  start: (apiUrl: string, pages: number) => Promise<Contestant>,
  { rounds, progress }: { rounds: number; progress: (text: string) => void },
): Promise<PageFigures[]> {
  const standIn = await startStandIn();
  const contestant = await start(standIn.url, PAGES * (rounds + 1));
  try {
    progress(name);
    return await measure(name, contestant, standIn, rounds);
  } finally {
    contestant.stop();
    standIn.close();
  }
}

async function measure(name: string, contestant: Contestant, standIn: StandIn, rounds: number) {
  const { page, hooks, port } = contestant;
  if (page === undefined) throw new Error(`${name} has no page.`);
  standIn.register(`http://127.0.0.1:1${hooks[0]?.path}`);
  await talk(contestant, standIn);
  const connection = await openConnection(port);
  let asked = 0;
  const showPage = () => {
    const cookie = page.cookies[asked++ % page.cookies.length] ?? '';
    return look(connection, page.path, cookie);
  };
  const ping = () => look(connection, '/healthz', '');

  async function cpuOf(times: number, ask: () => Promise<number>): Promise<number> {
    const before = await contestant.usage();
    for (let time = 0; time < times; time++) await ask();
    return ((await contestant.usage()).cpuMicros - before.cpuMicros) / 1_000 / times;
  }
  const pages: number[] = [];
  const pings: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    pages.push(await cpuOf(PAGES, showPage));
    pings.push(await cpuOf(PAGES * PINGS, ping));
  }
  const kbOf = async (ask: () => Promise<number>) => (await ask()) / 1024;
  const figures = [
    { name: '/healthz', cpuMs: median(pings.slice(1)), kb: await kbOf(ping) },
    { name, cpuMs: median(pages.slice(1)), kb: await kbOf(showPage) },
  ];
  connection.close();
  return figures;
}

/** Twelve customers who wrote four times each, and before them what fills the account. */
async function talk(contestant: Contestant, standIn: StandIn): Promise<void> {
  const customers = await openCustomers(contestant, standIn);
  await customers.say(0, 'first');
  await contestant.usage('tidy up');
  for (let message = 0; message < 48; message++)
    await customers.say(message, `conversation-${Math.floor(message / 4)}`);
  customers.close();
}

/** Returns the length of the answer. */
async function look(connection: Connection, path: string, cookie: string): Promise<number> {
  const { status, length } = await connection.get(path, cookie);
  if (status !== 200) throw new Error(`${path} was answered with ${status}.`);
  return length;
}
