import { isLoopback } from '../../config/values.ts';
import type { Config } from '../../config/load-config.ts';
import { askDiagnosis } from './diagnosis.ts';
import { checkAnswer, checkAddress, resolveName } from './check-address.ts';
import { checkCookies, checkPosts, checkProxy } from './check-proxy.ts';
import { type Finding, problem, skipped } from './finding.ts';

const CHECK = 'public address';

/** From the name to the cookie; what cannot be told after a failure is left out. */
export async function examinePublicAddress(options: {
  config: Config;
  /** Undefined: nothing signed can be asked. */
  sessionSecret: string | undefined;
  timeoutMs: number;
  now: () => number;
}): Promise<Finding[]> {
  const { config, sessionSecret: secret, timeoutMs, now } = options;
  const { publicUrl, port } = config;
  const localZendesk = config.sandbox !== null || isLoopback(new URL(config.zendesk.oauthUrl));
  const address = await resolveName(publicUrl, timeoutMs);
  if (address === undefined) {
    const text = `The name ${new URL(publicUrl).hostname} does not resolve.`;
    return [problem(CHECK, text, 'Compare PUBLIC_URL with the DNS record of your domain.')];
  }
  const answer = await checkAnswer({ publicUrl, port, timeoutMs });
  const found = [checkAddress(publicUrl, { address, localZendesk }), answer];
  if (answer.status !== 'ok')
    return [...found, skipped('proxy and cookies', 'They can be seen only while the app answers.')];
  if (secret === undefined)
    return [...found, skipped('proxy and cookies', 'They can be seen only with SESSION_SECRETS.')];

  const ask = (cookie?: string) =>
    askDiagnosis({
      publicUrl,
      secret,
      timeoutMs,
      now,
      ...(cookie === undefined ? {} : { cookie }),
    });
  const told = await ask();
  if (told === undefined) {
    const text = `Another app answers at ${publicUrl}, or this one with other SESSION_SECRETS.`;
    const fix = 'Restart the app, so that it knows the present .env; or correct PUBLIC_URL.';
    return [...found, problem(CHECK, text, fix)];
  }
  if (told.diagnosis.publicUrl !== publicUrl) {
    const text = `The app at ${publicUrl} runs with PUBLIC_URL=${told.diagnosis.publicUrl}.`;
    const fix = `Restart it; or if it should be so, as behind a tunnel: PUBLIC_URL=${told.diagnosis.publicUrl} npm run doctor`;
    return [...found, problem(CHECK, text, fix)];
  }
  return [
    ...found,
    checkProxy(told.diagnosis),
    await checkCookies(publicUrl, told, ask),
    ...(await checkPosts(publicUrl, timeoutMs)),
  ];
}
