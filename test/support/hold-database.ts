import { features } from '../../server/features.ts';
import { chooseEngine } from '../../server/store/engines/engine.ts';
import { messageOf } from '../../server/errors.ts';

/** Run as a process of its own: opens the folder it is given and waits to be killed. */
const [dataDir = ''] = process.argv.slice(2);
try {
  await chooseEngine(features, { dataDir }).open({ dataDir });
  console.log('opened');
} catch (error) {
  console.log(messageOf(error));
}
setInterval(() => {}, 60_000);
