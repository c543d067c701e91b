import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';

/** With two cores the servers have one to themselves, the generator and its stand-in the other. */
export const [SERVER_CORE, GENERATOR_CORE] = [0, 1];

/** Of Linux's /proc: user and system time in ticks of 10 ms, the dead children's included. */
const TICK_MICROS = 10_000;

/** What a process, its children and theirs have used until now. Linux only; elsewhere 0. */
export async function readCpuMicros(pid: number): Promise<number> {
  const all = await Promise.all((await readdir('/proc').catch(() => [])).map(readStat));
  const known = all.flatMap((one) => one ?? []);
  const usedBy = (id: number): number =>
    known.filter((one) => one.pid === id).reduce((sum, { ticks }) => sum + ticks, 0) +
    known.filter(({ parent }) => parent === id).reduce((sum, child) => sum + usedBy(child.pid), 0);
  return usedBy(pid) * TICK_MICROS;
}

/**
 * What the threads of a process have used until now, those that ended left out: to the nanosecond, where ticks
 * would be a twentieth of a start. Linux only; elsewhere 0.
 */
export async function readThreadMicros(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder).catch(() => []);
  const times = threads.map(async (thread) => {
    const stat = await readFile(`${folder}/${thread}/schedstat`, 'latin1').catch(() => '0');
    return Number(stat.split(' ', 1)[0]);
  });
  return (await Promise.all(times)).reduce((sum, time) => sum + time, 0) / 1_000;
}

async function readStat(name: string) {
  if (!/^\d+$/.test(name)) return undefined;
  const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The name, in brackets, may hold anything; the fields after it are counted from the third (proc(5)).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  const ticks = user + system + childrenUser + childrenSystem;
  return { pid: Number(name), parent: fields[1] ?? 0, ticks };
}

/** Keeps a process on one core; false where the machine cannot. */
export function pinToCore(pid: number, core: number): boolean {
  try {
    execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
