/** `npm run dev`: starts the app from its sources, and follows what is saved. */
import './require-node.js';
import { loadAnew } from './load-anew.js';

process.setSourceMapsEnabled(true);
const { runDev } = await loadAnew('server/commands/dev.ts').catch((failure) => {
  console.error(`\nShopkeeper could not start. ${failure.stack || failure.message}`);
  process.exit(1);
});
await runDev(loadAnew);
