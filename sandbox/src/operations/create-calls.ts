/** One API call as it came and was answered. */
export interface RecordedCall<Name extends string> {
  operation: Name;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** null: never answered. */
  status: number | null;
  answer: unknown;
}

export interface Calls<Name extends string> {
  all: RecordedCall<Name>[];
  add(call: RecordedCall<Name>): void;
}

export function createCalls<Name extends string>({ record }: { record: boolean }): Calls<Name> {
  const all: RecordedCall<Name>[] = [];
  return {
    all,
    add(call) {
      if (record) all.push(call);
    },
  };
}
