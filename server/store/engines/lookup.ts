import type { Database } from './database.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Finds rows by a key that each has alone: what is asked for in the same moment with one statement. `select`
 * reads from `given`, which has the columns of the key.
 */
export function createLookup<Key extends string, Row extends Values>(
  { prepareBatch }: Pick<Database, 'prepareBatch'>,
  given: Readonly<Record<Key, 'text'>>,
  select: string,
): (key: Readonly<Record<Key, string>>) => Promise<Row | undefined> {
  const read = prepareBatch<Key, Row>({ given, text: select });
  const columns = Object.keys(given);
  const nameOf = (values: Values) => columns.map((column) => values[column]).join(' ');
  let asked = new Map<string, Readonly<Record<Key, string>>>();
  let found: Promise<Map<string, Row>> | undefined;

  async function readAll(): Promise<Map<string, Row>> {
    // SQLite answers without leaving this turn of the event loop: nobody else would come to ask.
    await new Promise(setImmediate);
    const keys = [...asked.values()];
    asked = new Map();
    found = undefined;
    const rows = await read(keys);
    return new Map(rows.map((row) => [nameOf(row), row]));
  }

  return async (key) => {
    const name = nameOf(key);
    asked.set(name, key);
    found ??= readAll();
    return (await found).get(name);
  };
}
