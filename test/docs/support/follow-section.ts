import { lookup } from 'node:dns/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './read-pages.ts';

/** The program and the commands of a section, with ports nobody else has. */
export function readSection(page: string, title: string, ports: Record<string, string>) {
  const [, section = ''] = readText(page).split(`## ${title}\n`);
  const [own = ''] = section.split('\n## ');
  const replaced = own.replace(/\b(310[01]|400\d)\b/g, (port) => ports[port] ?? port);
  const blocks = [...replaced.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  const find = (wanted: (language: string) => boolean) =>
    blocks.flatMap(([, language = '', text = '']) => (wanted(language) ? [text] : []));
  return { programs: find((language) => language !== 'sh'), commands: find((one) => one === 'sh') };
}

/** Whether this machine knows that names below localhost are its own. */
export const namesLeadHere = () =>
  lookup('acme.zendesk.localhost').then(
    () => true,
    () => false,
  );

/** Does what the line in /etc/hosts does, which a test does not write there. */
export function writeHosts(folder: string): string {
  const file = join(folder, 'hosts.cjs');
  writeFileSync(
    file,
    `const dns = require('node:dns');
    const { lookup } = dns;
    dns.lookup = (name, ...more) =>
      lookup(name.endsWith('.zendesk.localhost') ? 'localhost' : name, ...more);`,
  );
  return file;
}
