/** `npm run sandbox`: the stand-in alone, for any bot, and the commands that make bots known to it. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { CommandError, runBotCommand, USAGE } from './bot-command.ts';
import { addressOf } from './web/open-server.ts';

function portOf(name: string) {
  const problem = `${name} has to be a port: 0 to 65535`;
  const isPort = (given: number) => Number.isInteger(given) && given >= 0 && given <= 65_535;
  return z.coerce.number(problem).refine(isPort, problem);
}

const Variables = z.object({
  SANDBOX_PORT: portOf('SANDBOX_PORT').default(3100),
  /** Where it answers by the names of hosts, with TLS: the port after the other one; 0: any free one. */
  SANDBOX_TLS_PORT: portOf('SANDBOX_TLS_PORT').optional(),
  /** An address of this machine. Without it only this machine reaches the sandbox. */
  HOST: z.string().optional(),
  /** How browsers and bots reach it, where that is not http://localhost:{SANDBOX_PORT}, or HOST and that port. */
  SANDBOX_URL: z
    .url({ protocol: /^https?$/, error: 'SANDBOX_URL has to be an address: https://…' })
    .transform((url) => new URL(url).origin)
    .optional(),
  /** Where what happened is kept over a restart. */
  DATA_DIR: z.string().default('data'),
});

const fileProblem = loadEnvFile();
/** An empty line of a file of variables counts as absent. */
const given = Object.entries(process.env).filter(([, value]) => value !== '');
const variables = Variables.safeParse(Object.fromEntries(given));
const words = process.argv.slice(2);
// Whoever reads along may leave first, as `head` does: then what is said reaches nobody, and the rest goes on.
process.stdout.on('error', () => {});
if (words.includes('--help')) console.log(USAGE);
else if (fileProblem !== undefined) stop(fileProblem);
else if (!variables.success) stop(variables.error.issues.map(({ message }) => message).join('\n'));
else if (words.length === 0) await run(variables.data);
else await runCommand(words, variables.data);

/** Returns why it could not be read. Windows puts a mark in front of the first name, which is no part of it. */
function loadEnvFile(): string | undefined {
  if (!existsSync('.env')) return undefined;
  try {
    const text = readFileSync('.env', 'utf8').replace(/^\uFEFF/, '');
    for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
    return undefined;
  } catch (error) {
    return `.env has to be a file that can be read: ${String(error)}`;
  }
}

async function run({
  SANDBOX_PORT: port,
  SANDBOX_TLS_PORT: tlsPort = port === 0 || port === 65_535 ? 0 : port + 1,
  HOST: host,
  SANDBOX_URL,
  DATA_DIR,
}: z.infer<typeof Variables>) {
  try {
    mkdirSync(DATA_DIR, { recursive: true });
  } catch (error) {
    return stop(`DATA_DIR has to be a folder that can be written to: ${String(error)}`);
  }
  const snapshotFile = join(DATA_DIR, 'sandbox.json');
  const log = (line: string) => console.log(line);
  // The commands do without it, and are there at once.
  const { startSandbox } = await import('./start-sandbox.ts');
  const sandbox = await startSandbox({
    port,
    host,
    publicUrl: SANDBOX_URL,
    snapshotFile,
    tls: { port: tlsPort, certificateFile: join(DATA_DIR, 'sandbox-certificate.pem') },
    log,
  }).catch((error: unknown) =>
    stop(`The sandbox did not start on the ports ${port} and ${tlsPort}: ${String(error)}`),
  );
  if (!sandbox) return;
  console.log(`The sandbox is ready: ${sandbox.url}`);
  console.log(`Register a bot: ${sandbox.url}/bots`);
  if (sandbox.byName)
    console.log(`By the names of hosts: https://{subdomain}.${sandbox.byName.domain}/sc`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void sandbox.close());
}

async function runCommand(
  command: string[],
  { SANDBOX_PORT: port, HOST: host, SANDBOX_URL }: z.infer<typeof Variables>,
) {
  try {
    console.log(await runBotCommand(command, SANDBOX_URL ?? addressOf(host, port)));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    stop(error.message);
  }
}

function stop(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
