import { origin } from './config-values.ts';

export const ONE_SITE =
  'SANDBOX_URL must be another address than PUBLIC_URL, for example https://sandbox.example.com: they are two sites, and a browser must tell their cookies and forms apart';

/** A public demo shows the sandbox to everybody, so the sandbox needs an address of its own. */
export function findDemoProblems({
  PUBLIC_URL,
  SANDBOX_URL,
}: Record<string, string | undefined>): string[] {
  if (SANDBOX_URL === undefined) {
    return [
      'SANDBOX_URL is missing: SANDBOX=1 in production is a public demo, and this the https address under which visitors reach its sandbox',
    ];
  }
  const problems: string[] = [];
  if (/^http:/i.test(SANDBOX_URL)) {
    problems.push(
      'SANDBOX_URL must start with https:// in production, or browsers drop the cookies',
    );
  }
  const own = origin.safeParse(SANDBOX_URL).data;
  if (own !== undefined && own === origin.safeParse(PUBLIC_URL).data) {
    problems.push(ONE_SITE);
  }
  return problems;
}
