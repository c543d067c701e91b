import { ConfigError, loadConfig } from '../../config/load-config.ts';
import { features } from '../../features.ts';
import { describePortalUrls } from '../../start/portal-urls.ts';

/** The last words of the setup: names, never values, then what is left to do and the portal's addresses. */
export function describeSetup(options: {
  envFile: string;
  added: readonly string[];
  values: Record<string, string>;
  fileProblems: readonly string[];
}): string {
  const what =
    options.added.length === 0 ? 'nothing was missing' : `added ${options.added.join(', ')}`;
  const { publicUrl, next } = judge(options.values, options.fileProblems);
  return [
    '',
    `${options.envFile} (only you can read it): ${what}.`,
    ...next,
    '',
    publicUrl.startsWith('http://localhost')
      ? 'Register these in the partner portal, with your public address in front (PUBLIC_URL, or `npm run tunnel`):'
      : 'Register these in the partner portal:',
    ...describePortalUrls(publicUrl).map((line) => `  ${line}`),
  ].join('\n');
}

function judge(
  values: Record<string, string>,
  fileProblems: readonly string[],
): { publicUrl: string; next: string[] } {
  try {
    const { publicUrl, sandbox } = loadConfig(values, fileProblems, features);
    const next =
      sandbox === null
        ? 'Next: `npm start`, and `npm run doctor` while it runs.'
        : 'Next: `npm start` runs it with the local sandbox, because there are no credentials yet.';
    return { publicUrl, next: [next] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const next = error.problems.map((problem) => `  - ${problem}`);
    return {
      publicUrl: values['PUBLIC_URL'] ?? `http://localhost:${values['PORT'] ?? 3000}`,
      next: ['Still to be put right there:', ...next],
    };
  }
}
