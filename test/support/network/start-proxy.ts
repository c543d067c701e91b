import { request } from 'node:http';
import { serve } from './serve.ts';

type AddHeaders = (arrived: { host: string; address: string }) => Record<string, string>;

export interface ProxyOptions {
  /** Where it forwards to. */
  target: string;
  /** What a proxy adds, by lower-case name; an empty value takes the header away. */
  headers?: AddHeaders;
  /** Headers of the answer that do not get through, in lower case. */
  drops?: string[];
  /** Whether nothing of an event stream gets through before it ends: neither its head nor its events. */
  holdsStreams?: boolean;
}

/** What most proxies send. The host changes, as it does in a proxy that was set up without a thought. */
export const FORWARDED: AddHeaders = ({ host, address }) => ({
  'x-forwarded-for': address,
  'x-forwarded-host': host,
  'x-forwarded-proto': 'http',
});

/** A reverse proxy on a port of its own. */
export async function startProxy(options: ProxyOptions) {
  const target = new URL(options.target);
  let streams = 0;
  const place = await serve((arrived, answer) => {
    const address = [arrived.headers['x-forwarded-for'], arrived.socket.remoteAddress];
    const added = options.headers?.({
      host: arrived.headers.host ?? '',
      address: address.filter((part) => part !== undefined).join(', '),
    });
    const headers = Object.fromEntries(
      Object.entries({ ...arrived.headers, host: target.host, ...added }).filter(
        ([, value]) => value !== '',
      ),
    );
    const { method, url: path } = arrived;
    const forwarded = request(target, { method, path, headers }, (answered) => {
      if (answered.headers['content-type']?.includes('text/event-stream')) {
        streams += 1;
        answered.once('close', () => void (streams -= 1));
        answer.once('close', () => answered.destroy());
        if (options.holdsStreams) return void answered.resume();
      }
      const kept = Object.entries(answered.headers).filter(
        ([name]) => options.drops?.includes(name) !== true,
      );
      answer.writeHead(answered.statusCode ?? 502, Object.fromEntries(kept));
      answered.pipe(answer);
    });
    forwarded.on('error', () => answer.writeHead(502).end('Bad gateway'));
    arrived.pipe(forwarded);
  });
  return {
    ...place,
    /** How many event streams are open at the moment. */
    streams: () => streams,
  };
}
