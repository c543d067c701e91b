import type { Observe } from '../../observe.ts';
import type { RemoteFetch } from '../../remote-call.ts';

/** `fetch` for the calls to a service, each of which the observers see. */
export const watchFetch =
  ({ call }: Pick<Observe, 'call'>, service: string): RemoteFetch =>
  (operation, url, init) =>
    call({ service, operation, url, init }, () => fetch(url, init));
