import { describePortalUrls } from './portal-urls.ts';

interface Start {
  publicUrl: string;
  sandboxUrl: string | undefined;
  isPublicDemo: boolean;
}

/** What the terminal shows once the app answers. */
export function describeStart(start: Start): string {
  const lines = describeNext(start).map((line) => `  ${line}\n`);
  return `\nShopkeeper is ready: ${start.publicUrl}\n${lines.join('')}\n`;
}

/** What runs is not what is edited. */
const isCompiled = import.meta.filename.endsWith('.js');

function describeNext({ publicUrl, sandboxUrl, isPublicDemo }: Start): string[] {
  if (sandboxUrl === undefined) {
    const urls = describePortalUrls(publicUrl).map((line) => `  ${line}`);
    return ['Register these in the partner portal:', ...urls];
  }
  if (isPublicDemo)
    return [`Public demo: every visitor has a sandbox of their own at ${sandboxUrl}`];
  return [
    `Sandbox mode: Zendesk is a local stand-in at ${sandboxUrl}`,
    isCompiled
      ? '`npm run dev` instead follows what you change in server/bot/; this was compiled when it started.'
      : 'Edit server/bot/on-message.ts, save it, and ask again.',
  ];
}
