import { Refused } from '../refused.ts';
import { newId } from '../state/values.ts';
import type { WorldLimits } from '../world-limits.ts';
import { createFaultSchema } from './fault.ts';
import type { Fault, FaultInput } from './fault.ts';

/** The API calls that can be made to fail, by the service that answers them. */
export type OperationsByService = Record<string, readonly string[]>;

interface ArmedFault {
  id: string;
  fault: Fault;
  /** How many more times it strikes. */
  remaining: number;
  /** Epoch milliseconds. */
  until: number;
}

export interface Faults {
  operations: OperationsByService;
  /** Throws a ZodError when the fault makes no sense, a Refused with 429 when it is one too many. */
  arm(fault: FaultInput): void;
  /** As `arm`, for the fields of a form. Returns what is wrong with them. */
  armFromForm(fields: Record<string, unknown>): string | undefined;
  disarm(id: string): void;
  clear(): void;
  list(): readonly ArmedFault[];
  /** The fault that strikes this call, if any; it counts as used. */
  takeForOperation(operation: string): Fault | undefined;
  /** Whether a fault without an operation strikes now; it counts as used. */
  take(kind: Fault['kind']): boolean;
}

interface FaultsOptions {
  operations: OperationsByService;
  limits: WorldLimits;
  now: () => number;
}

export function createFaults({ operations, limits, now }: FaultsOptions): Faults {
  /** Made for the first fault: most worlds never have one. */
  let schema: ReturnType<typeof createFaultSchema> | undefined;
  const findSchema = () => (schema ??= createFaultSchema(Object.values(operations).flat()));
  let armed: ArmedFault[] = [];

  function list(): ArmedFault[] {
    armed = armed.filter(({ until }) => until > now());
    return armed;
  }

  function takeFirst(matches: (fault: Fault) => boolean): Fault | undefined {
    const found = list().find(({ fault }) => matches(fault));
    if (!found) return undefined;
    found.remaining -= 1;
    if (found.remaining === 0) armed = armed.filter((one) => one !== found);
    return found.fault;
  }

  function keep(fault: Fault): void {
    if (list().length >= limits.armedFaults || fault.times > limits.strikes) {
      throw new Refused(
        429,
        `Here ${limits.armedFaults} faults can be armed at once, for ${limits.strikes} strikes each. Disarm one first, or choose fewer strikes.`,
      );
    }
    const until = now() + limits.faultLifetimeMs;
    armed.push({ id: newId(), fault, remaining: fault.times, until });
  }

  return {
    operations,
    arm: (input) => keep(findSchema().parse(input)),
    armFromForm(fields) {
      const { data, error } = findSchema().safeParse(fields);
      if (data) keep(data);
      const issue = error?.issues[0];
      return issue && `${issue.path.join('.')}: ${issue.message}`;
    },
    disarm(id) {
      armed = armed.filter((one) => one.id !== id);
    },
    clear() {
      armed = [];
    },
    list,
    takeForOperation: (operation) =>
      takeFirst(
        (fault) =>
          'operation' in fault && (fault.operation === operation || fault.operation === 'any'),
      ),
    take: (kind) => takeFirst((fault) => fault.kind === kind) !== undefined,
  };
}
