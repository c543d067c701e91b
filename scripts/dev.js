/** `npm run dev`: starts the app from its sources, and follows what is saved. */
import './require-node.js';
import { loadAnew } from './load-anew.js';

process.setSourceMapsEnabled(true);
const { runDev } = await loadAnew('server/commands/dev.ts');
await runDev(loadAnew);
