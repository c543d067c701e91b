import { messageOf } from '../../server/errors.ts';
import { openDatabase } from '../../server/store/engines/open-database.ts';

/** Run as a process of its own: opens the folder it is given and waits to be killed. */
const [dataDir = ''] = process.argv.slice(2);
try {
  await openDatabase({ dataDir });
  console.log('opened');
} catch (error) {
  console.log(messageOf(error));
}
setInterval(() => {}, 60_000);
