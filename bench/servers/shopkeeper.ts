import { openShop } from './open-shop.ts';
import { serve } from './serve.ts';

/** The whole app, with an echo for a bot. Arguments: data folder, database URL or "", the API's address. */
const [dataDir = '', databaseUrl = '', apiUrl = ''] = process.argv.slice(2);
const { shopkeeper, hooks } = await openShop({ dataDir, databaseUrl, apiUrl });
await serve(shopkeeper.handle, { hooks });
