import type { Fault } from '../../faults/fault.ts';

/** The fault in words, for the list of armed ones. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'answer': {
      const wait = fault.retryAfter === undefined ? '' : `, Retry-After ${fault.retryAfter} s`;
      return `${nameCalls(fault.operation)}: refused with ${fault.status}${wait}`;
    }
    case 'hang':
      return `${nameCalls(fault.operation)}: never answered`;
    case 'dropAnswer':
      return `${nameCalls(fault.operation)}: carried out, then the connection drops`;
    case 'html':
      return `${nameCalls(fault.operation)}: answered with an HTML page (${fault.status})`;
    case 'proxyJson':
      return `${nameCalls(fault.operation)}: answered with a proxy’s JSON (${fault.status})`;
    case 'redirect':
      return `${nameCalls(fault.operation)}: sent to a sign-in page`;
    case 'oauthErrors':
      return 'GetToken: refusals worded as in RFC 6749';
    case 'duplicateDelivery':
      return 'Delivery sent twice';
    case 'reorderDeliveries':
      return 'Delivery held until the next one was sent';
    case 'loseRemoveCallback':
      return 'Remove callback lost';
  }
}

function nameCalls(operation: string): string {
  return operation === 'any' ? 'Any call' : operation;
}
