import { z } from 'zod';
import { origin, port } from '../../config/values.ts';
import type { FeatureEnvironment } from '../feature.ts';

const Variables = z.object({
  SANDBOX_URL: origin.optional(),
  SANDBOX_PORT: port.optional(),
});

type Given = Record<string, string | undefined>;

/** Beside the app's. */
const portBeside = (appPort: number): number => appPort + 100;

/** Where the sandbox listens, and under which address it is reached if that is another one. */
export function readPlace(config: { variables: Given; port: number }) {
  const { SANDBOX_URL: url, SANDBOX_PORT } = Variables.parse(config.variables);
  return { url, port: SANDBOX_PORT ?? portBeside(config.port) };
}

export const environment: FeatureEnvironment = {
  variables: Variables.shape,
  findProblems(given, { sandboxMode, ...site }) {
    return sandboxMode ? [...findContradictions(given, site)] : [];
  },
};

function* findContradictions(
  given: Given,
  site: { production: boolean; port: number; publicUrl: string },
): Iterable<string> {
  // What is malformed is reported as that.
  const url = origin.safeParse(given['SANDBOX_URL']).data;
  const listened = port.safeParse(given['SANDBOX_PORT']).data ?? portBeside(site.port);
  // A public demo shows the sandbox to everybody, so that needs an address of its own.
  if (site.production && given['SANDBOX_URL'] === undefined)
    yield 'SANDBOX_URL is missing: SANDBOX=1 in production is a public demo, and this the https address under which visitors reach its sandbox';
  if (site.production && url?.startsWith('http:'))
    yield 'SANDBOX_URL must start with https:// in production, or browsers drop the cookies';
  if (url === site.publicUrl)
    yield 'SANDBOX_URL must be another address than PUBLIC_URL, for example https://sandbox.example.com: they are two sites, and a browser must tell their cookies and forms apart';
  const fix = 'choose a free port below 65536 for the sandbox';
  if (listened > 65_535) yield `SANDBOX_PORT is missing, and PORT + 100 is no port: ${fix}`;
  if (listened === site.port) yield `SANDBOX_PORT is the same as PORT: ${fix}`;
}
