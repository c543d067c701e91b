/**
 * Ends whatever imports it first on a Node that is too old. npm warns of one, and goes on; what that lacks would
 * show as a stack.
 */
import { readFileSync } from 'node:fs';

const file = new URL('../package.json', import.meta.url);
const { engines } = JSON.parse(readFileSync(file, 'utf8'));
/** Major and minor. */
export const needed = engines.node.match(/\d+/g).map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `Node ${process.versions.node} is too old: install ${needed.join('.')} or newer (https://nodejs.org), and run npm install again.`,
  );
  process.exit(1);
}
