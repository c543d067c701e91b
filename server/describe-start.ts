import { describePortalUrls } from './portal-urls.ts';

/** What the terminal shows once the app answers. */
export function describeStart(options: {
  publicUrl: string;
  sandboxUrl: string | undefined;
}): string {
  const { publicUrl, sandboxUrl } = options;
  const next =
    sandboxUrl === undefined
      ? [
          'Register these in the partner portal:',
          ...describePortalUrls(publicUrl).map((line) => `  ${line}`),
        ]
      : [
          `Sandbox mode: no credentials found, so Zendesk is a local stand-in at ${sandboxUrl}`,
          'Edit server/bot/on-message.ts to change what the bot answers.',
        ];
  return `\nShopkeeper is ready: ${publicUrl}\n${next.map((line) => `  ${line}\n`).join('')}\n`;
}
