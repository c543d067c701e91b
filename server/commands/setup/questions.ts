import { Variables } from '../../config/environment.ts';
import { ngrok } from '../tunnel/variables.ts';
import type { Ask } from './prompt.ts';

const SHAPE = { ...Variables.shape, ...ngrok.environment.variables };

interface Question {
  name: keyof typeof SHAPE;
  text: string;
  hint: string;
  /** Taken for an empty answer, and by `--yes`. */
  fallback?: string;
  /** Not shown while it is typed. */
  secret?: boolean;
  /** Whether it matters, given what is known by then. */
  matters(values: Record<string, string>): boolean;
}

const hasClient = (values: Record<string, string>) => isGiven(values, 'OAUTH_CLIENT_ID');
const isHttps = ({ PUBLIC_URL = '' }: Record<string, string>) => /^https:/i.test(PUBLIC_URL);

/** In the order they are asked. */
const QUESTIONS: readonly Question[] = [
  {
    name: 'OAUTH_CLIENT_ID',
    text: 'OAuth client id',
    hint: 'Comes with the credentials: apps.zendesk.com > Bots > Submit bot > New request. Empty: the local sandbox.',
    matters: () => true,
  },
  {
    name: 'OAUTH_CLIENT_SECRET',
    text: 'OAuth client secret',
    hint: 'Comes to you through LastPass. It is not shown while you type.',
    secret: true,
    matters: hasClient,
  },
  {
    name: 'ZENDESK_MARKETPLACE_NAME',
    text: 'Name of the bot in its listing',
    hint: 'Sent as a header with every call to Zendesk, like the next two. May come later.',
    matters: hasClient,
  },
  {
    name: 'ZENDESK_MARKETPLACE_ORG_ID',
    text: 'Organization id',
    hint: 'Top of the Organization page in apps.zendesk.com. May come later.',
    matters: hasClient,
  },
  {
    name: 'ZENDESK_MARKETPLACE_BOT_ID',
    text: 'Bot id',
    hint: 'Given when the bot is submitted, so it may come later.',
    matters: (values) => hasClient(values) && values['ZENDESK_MARKETPLACE_APP_ID'] === undefined,
  },
  {
    name: 'PUBLIC_URL',
    text: 'Public address',
    hint: 'https, without a path, such as https://bot.example.com. Empty: this machine only, or `npm run tunnel`.',
    matters: () => true,
  },
  {
    name: 'TRUST_PROXY',
    text: 'Proxies in front of the app',
    hint: 'Something in front speaks https for it: how many such proxies are there? `npm run doctor` checks it.',
    fallback: '1',
    matters: isHttps,
  },
  {
    name: 'NGROK_AUTHTOKEN',
    text: 'ngrok authtoken',
    hint: 'For `npm run tunnel`: https://dashboard.ngrok.com/get-started/your-authtoken. Empty: no tunnel.',
    secret: true,
    matters: (values) => hasClient(values) && !isHttps(values),
  },
];

/** Asks for what is missing and matters; without anybody to ask, takes what would be proposed. */
export async function askQuestions(
  present: Record<string, string>,
  ask: Ask | undefined,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const question of QUESTIONS) {
    const values = { ...present, ...answers };
    if (isGiven(values, question.name) || !question.matters(values)) continue;
    const answer = ask === undefined ? question.fallback : await askUntilValid(question, ask);
    if (answer !== undefined) answers[question.name] = answer;
  }
  return answers;
}

/** Undefined: left open. */
async function askUntilValid(
  { name, text, hint, fallback, secret = false }: Question,
  ask: Ask,
): Promise<string | undefined> {
  const proposal = fallback === undefined ? '' : ` [${fallback}]`;
  let note = hint;
  for (;;) {
    const typed = (await ask(`\n${note}\n${text}${proposal}: `, { hidden: secret })).trim();
    const answer = typed === '' ? fallback : typed;
    if (answer === undefined) return undefined;
    const { error } = SHAPE[name].safeParse(answer);
    if (error === undefined) return answer;
    note = `${name} ${error.issues[0]?.message}.`;
  }
}

/** A secret may also be in a file of its own, which `{name}_FILE` names. */
export function isGiven(values: Record<string, string>, name: string): boolean {
  return values[name] !== undefined || values[`${name}_FILE`] !== undefined;
}
