import { newId } from '../state/new-id.ts';
import { faultSchema } from './fault.ts';
import type { Fault, FaultInput, OperationName } from './fault.ts';

interface ArmedFault {
  id: string;
  fault: Fault;
  /** How many more times it strikes. */
  remaining: number;
}

export interface Faults {
  /** Throws a ZodError when the fault makes no sense. */
  arm(fault: FaultInput): void;
  disarm(id: string): void;
  clear(): void;
  list(): readonly ArmedFault[];
  /** The fault that strikes this call, if any; it counts as used. */
  takeForOperation(operation: OperationName): Fault | undefined;
  /** Whether a fault without an operation strikes now; it counts as used. */
  take(kind: Fault['kind']): boolean;
}

export function createFaults(): Faults {
  let armed: ArmedFault[] = [];

  function takeFirst(matches: (fault: Fault) => boolean): Fault | undefined {
    const found = armed.find(({ fault }) => matches(fault));
    if (!found) return undefined;
    found.remaining -= 1;
    if (found.remaining === 0) armed = armed.filter((one) => one !== found);
    return found.fault;
  }

  return {
    arm(input) {
      const fault = faultSchema.parse(input);
      armed.push({ id: newId(), fault, remaining: fault.times });
    },
    disarm(id) {
      armed = armed.filter((one) => one.id !== id);
    },
    clear() {
      armed = [];
    },
    list: () => armed,
    takeForOperation: (operation) =>
      takeFirst(
        (fault) =>
          'operation' in fault && (fault.operation === operation || fault.operation === 'any'),
      ),
    take: (kind) => takeFirst((fault) => fault.kind === kind) !== undefined,
  };
}
