import type { OperationName } from '../faults/fault.ts';

/** One API call as it came and was answered. */
export interface RecordedCall {
  operation: OperationName;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** null: never answered. */
  status: number | null;
  answer: unknown;
}

export interface Calls {
  all: RecordedCall[];
  add(call: RecordedCall): void;
}

export function createCalls({ record }: { record: boolean }): Calls {
  const all: RecordedCall[] = [];
  return {
    all,
    add(call) {
      if (record) all.push(call);
    },
  };
}
