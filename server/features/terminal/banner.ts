import { styleText } from 'node:util';
import type { Place, Ready } from '../feature.ts';

/** What runs is not what is edited. */
const isCompiled = import.meta.filename.endsWith('.js');

/** What the terminal shows once the app answers. */
export function drawBanner({ version, publicUrl, sandboxUrl, places }: Ready): string {
  const sandbox = {
    name: 'Sandbox',
    address: sandboxUrl ?? '',
    note: 'a stand-in for Zendesk on this machine',
  };
  return drawPlaces({
    version,
    mode: sandboxUrl === undefined ? 'development' : 'sandbox mode',
    places: [
      { name: 'Bot', address: publicUrl },
      ...(sandboxUrl === undefined ? [] : [sandbox]),
      ...places,
      {
        name: 'Edit',
        address: 'server/bot/on-message.ts',
        note: isCompiled
          ? 'with `npm run dev` instead: what runs was compiled before'
          : 'reloads in place, the chat stays open',
      },
    ],
    ms: Math.round(performance.now()),
  });
}

/** In columns: names, addresses, notes. */
export function drawPlaces({
  version,
  mode,
  places,
  ms,
}: {
  version: string;
  mode: string;
  places: readonly Place[];
  /** Since the process began. */
  ms: number;
}): string {
  const widthOf = (key: 'name' | 'address') =>
    Math.max(...places.map(({ [key]: text }) => text.length)) + 2;
  const [names, addresses] = [widthOf('name'), widthOf('address')];
  const rows = places.map(
    ({ name, address, note = '' }) =>
      `  ${styleText('green', '➜')} ${name.padEnd(names)}${styleText('cyan', note === '' ? address : address.padEnd(addresses))}${styleText('gray', note)}`,
  );
  const title = styleText(['bold', 'green'], 'Shopkeeper');
  return ['', `  ${title} ${version}   ${mode}   ready in ${ms} ms`, '', ...rows, '', ''].join(
    '\n',
  );
}
