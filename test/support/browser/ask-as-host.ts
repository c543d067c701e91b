import { request } from 'node:http';

/** A page of the internet whose name leads to this machine. */
export const FOREIGN = [
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example',
  '10.0.0.1',
  '[::2]',
];
export const OWN = [
  'localhost',
  'LOCALHOST:1',
  'localhost.',
  '127.0.0.1:3000',
  '127.0.0.9',
  '[::1]:3000',
];

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

/** `fetch` sets Host itself. */
export function askAsHost(url: string, host: string, { method = 'GET', headers = {} }: Asked = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, host } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
