import { ApiError } from '../platform/api-error.ts';
import { newId } from '../state/new-id.ts';
import type { WorldLimits } from '../world/limits.ts';
import { faultSchema } from './fault.ts';
import type { Fault, FaultInput, OperationName } from './fault.ts';

interface ArmedFault {
  id: string;
  fault: Fault;
  /** How many more times it strikes. */
  remaining: number;
  /** Epoch milliseconds. */
  until: number;
}

export interface Faults {
  /** Throws a ZodError when the fault makes no sense, an ApiError 429 when it is one too many. */
  arm(fault: FaultInput): void;
  disarm(id: string): void;
  clear(): void;
  list(): readonly ArmedFault[];
  /** The fault that strikes this call, if any; it counts as used. */
  takeForOperation(operation: OperationName): Fault | undefined;
  /** Whether a fault without an operation strikes now; it counts as used. */
  take(kind: Fault['kind']): boolean;
}

interface FaultsOptions {
  limits: WorldLimits;
  now: () => number;
}

export function createFaults({ limits, now }: FaultsOptions): Faults {
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

  return {
    arm(input) {
      const fault = faultSchema.parse(input);
      if (list().length >= limits.armedFaults || fault.times > limits.strikes) {
        const title = `Here ${limits.armedFaults} faults can be armed at once, for ${limits.strikes} strikes each. Disarm one first, or choose fewer strikes.`;
        throw new ApiError(429, 'too_many_requests', title);
      }
      const until = now() + limits.faultLifetimeMs;
      armed.push({ id: newId(), fault, remaining: fault.times, until });
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
