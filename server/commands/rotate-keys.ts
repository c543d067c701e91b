import { loadConfig } from '../config/load-config.ts';
import { loadEnvFile } from '../config/env-file.ts';
import { loadSecrets } from '../config/load-secrets.ts';
import { messageOf, OperatorError } from '../errors.ts';
import { features } from '../features.ts';
import type { Hashed } from '../features/feature.ts';
import { createAppState } from '../store/tables/app-state.ts';
import { type KeyUse, findHashed, listKeyIds } from './doctor/key-use.ts';
import { openBesideApp, requireTables } from './open-beside-app.ts';
import { rotateSecrets, type UnreadableSecret } from './rotate-keys/rotate-secrets.ts';
import { createVault } from '../store/secrets/vault.ts';
import { readArguments, runCommand, type Print } from './run-command.ts';

const PROGRESS_EVERY_MS = 1_000;

/** `npm run rotate-keys`: encrypts every stored secret with the first of ENCRYPTION_KEYS. */
async function rotateKeys(print: Print): Promise<number> {
  readArguments({});
  const config = loadConfig(process.env, loadEnvFile(process.env), features);
  const database = await openBesideApp(config, 'write');
  try {
    await requireTables(database);
    const { encryptionKeys } = loadSecrets(config, features);
    const vault = createVault(encryptionKeys);
    if ((await createAppState(database).read('newest_key')) !== vault.newestKeyId) {
      print(explainOrder(vault.newestKeyId));
      return 1;
    }
    const before = await listKeyIds(database);
    const total = before.reduce((sum, { secrets }) => sum + secrets, 0);
    print(`Stored secrets: ${describeKeys(before)}. The newest key is ${vault.newestKeyId}.`);

    let printedAt = performance.now();
    const { rotated, unreadable } = await rotateSecrets(database, {
      vault,
      secretOwners: features.flatMap(({ secretOwners = [] }) => secretOwners),
      onProgress({ read, rotated: soFar }) {
        if (performance.now() - printedAt < PROGRESS_EVERY_MS) return;
        printedAt = performance.now();
        print(`  ${read} of ${total} read, ${soFar} encrypted again …`);
      },
    }).catch((error: unknown) => {
      const reason = `The database failed in the middle of it: ${messageOf(error)}. What was encrypted again stays so; run this again.`;
      throw new OperatorError(reason, { cause: error });
    });

    const after = await listKeyIds(database);
    print(`${rotated} encrypted again. Stored secrets: ${describeKeys(after)}.`);
    const needed = new Set(after.map(({ keyId }) => keyId));
    const older = encryptionKeys.map(({ id }) => id).filter((id) => id !== vault.newestKeyId);
    const unneeded = older.filter((id) => !needed.has(id));
    if (unneeded.length > 0)
      printWhatToRemove(print, unneeded, vault.newestKeyId, await findHashed(database, features));
    printUnreadable(print, unreadable);
    const isStillWritten = unreadable.length === 0 && older.some((id) => needed.has(id));
    if (isStillWritten) print(STILL_WRITTEN);
    return unreadable.length > 0 || isStillWritten ? 1 : 0;
  } finally {
    await database.close();
  }
}

/** For example `3 with k1, 1204 with k2`. */
function describeKeys(uses: readonly KeyUse[]): string {
  if (uses.length === 0) return 'none';
  return uses.map(({ keyId, secrets }) => `${secrets} with ${keyId}`).join(', ');
}

/** An instance without the key could not read what this command writes. */
function explainOrder(keyId: string): string {
  return (
    `The app was not started with the key ${keyId} yet. Put it first in ENCRYPTION_KEYS, start the app ` +
    'again (every instance), and then run this command. Nothing was changed.'
  );
}

const STILL_WRITTEN =
  'An instance of the app still writes with an older key. Start it again with the ENCRYPTION_KEYS ' +
  'that this command has, and run the command again.';

function printWhatToRemove(
  print: Print,
  keyIds: readonly string[],
  newestKeyId: string,
  hashed: Hashed | undefined,
): void {
  const ids = keyIds.join(', ');
  const remove = 'take it out of ENCRYPTION_KEYS and start the app again';
  const when = hashed
    ? `No secret needs ${ids} any more. It may still tell ${hashed.what}: when the app has run with ${newestKeyId} for ${hashed.days} days, ${remove}.`
    : `Nothing stored needs ${ids} any more: ${remove}.`;
  print(`${when} Keep it with the backups made before now; they still need it.`);
}

function printUnreadable(print: Print, unreadable: readonly UnreadableSecret[]): void {
  if (unreadable.length === 0) return;
  print(`Could not be decrypted, and left as they are: ${unreadable.length}`);
  for (const { field, owner, reason } of unreadable) print(`  ${field} of ${owner}: ${reason}`);
}

await runCommand(rotateKeys);
