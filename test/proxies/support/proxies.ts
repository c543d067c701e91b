import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readText } from '../../deploy/read-file.ts';
import { findProgram } from '../../support/process/find-program.ts';
import { findFreePort } from '../../support/process/start-process.ts';
import { runServer, type RunningServer } from '../../support/process/run-server.ts';

export interface Proxy {
  name: string;
  /** Whether it keeps connections to the app, and asks for the next request on one that it has. */
  keepsConnections: boolean;
  /** Whether it sends a delivery to the other instance when the one it had chosen dies. */
  repeatsDeliveries: boolean;
  /** Listens on the port of 127.0.0.1 and passes on to those; undefined where it is not installed. */
  start?: (port: number, targets: readonly string[]) => Promise<RunningServer>;
}

/** The only block of this language in docs/proxies.md. */
function readBlock(language: string): string {
  const [block, ...others] = readText('docs/proxies.md').matchAll(
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'),
  );
  if (block?.[1] === undefined || others.length > 0)
    throw new Error(`docs/proxies.md should have one block of ${language}.`);
  return block[1];
}

/** A configuration with other addresses, each of which must be there as it is expected. */
function replaceAll(text: string, replacements: readonly [string, string][]): string {
  return replacements.reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`There is no ${from} in:\n${text}`);
    return result.replaceAll(from, to);
  }, text);
}

/** Caddy speaks to its operator on a port of its own, and keeps certificates in its home. */
async function runCaddy(
  program: string,
  caddyfile: string,
  port: number,
  environment: Record<string, string>,
): Promise<RunningServer> {
  return await runServer({
    program,
    args: (folder) => ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')],
    files: { Caddyfile: caddyfile },
    environment: { CADDY_ADMIN: `127.0.0.1:${await findFreePort()}`, ...environment },
    port,
  });
}

/** What docs/proxies.md has taken out of the Caddyfile for a version before 2.11.2. */
const RETRY = /^\s*lb_try_duration .*\n/m;
const losesBodies = (version: string) => /^v?2\.(\d\.|10\.|11\.[01]\b)/.test(version);

/** The project's Caddyfile as Compose runs it, with the addresses that its variables are for. */
export async function startOwnCaddy(
  program: string,
  publicUrl: string,
  targets: readonly string[],
): Promise<RunningServer> {
  const port = Number(new URL(publicUrl).port);
  const { stdout: version } = await promisify(execFile)(program, ['version']);
  const caddyfile = readText('Caddyfile');
  const fitting = losesBodies(version) ? caddyfile.replace(RETRY, '') : caddyfile;
  return await runCaddy(program, fitting, port, {
    PUBLIC_URL: publicUrl,
    PUBLIC_PORT: String(port),
    UPSTREAMS: targets.join(' '),
  });
}

/** What Debian's nginx.conf has around the files of conf.d, in the foreground and in one folder. */
const NGINX_FRAME = `
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path body;
	proxy_temp_path proxy;
	fastcgi_temp_path fastcgi;
	uwsgi_temp_path uwsgi;
	scgi_temp_path scgi;
	include site.conf;
}
`;

function runNginx(program: string, site: string, port: number): Promise<RunningServer> {
  return runServer({
    program,
    args: (folder) => ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'],
    files: { 'nginx.conf': NGINX_FRAME, 'site.conf': site },
    port,
  });
}

function nginxSite(port: number, targets: readonly string[]): string {
  return replaceAll(readBlock('nginx'), [
    ['listen 443 ssl', `listen 127.0.0.1:${port}`],
    ['ssl_certificate ', '# ssl_certificate '],
    ['ssl_certificate_key ', '# ssl_certificate_key '],
    ['127.0.0.1:3000', targets[0] ?? ''],
    ['127.0.0.1:3001', targets[1] ?? ''],
  ]);
}

const caddy = findProgram('caddy');
const nginx = findProgram('nginx');
const haproxy = findProgram('haproxy');

/** Each as docs/proxies.md sets it up, but without TLS. */
export const PROXIES: readonly Proxy[] = [
  {
    name: 'Caddy',
    keepsConnections: true,
    repeatsDeliveries: false,
    ...(caddy && {
      start: (port, targets) => startOwnCaddy(caddy, `http://localhost:${port}`, targets),
    }),
  },
  {
    name: 'nginx',
    keepsConnections: true,
    repeatsDeliveries: true,
    ...(nginx && {
      start: (port, targets) => runNginx(nginx, nginxSite(port, targets), port),
    }),
  },
  {
    name: 'nginx with a new connection for each request',
    keepsConnections: false,
    repeatsDeliveries: true,
    ...(nginx && {
      start: (port, targets) => {
        const site = replaceAll(nginxSite(port, targets), [
          ['proxy_http_version', '# proxy_http_version'],
          ['proxy_set_header Connection', '# proxy_set_header Connection'],
        ]);
        return runNginx(nginx, site, port);
      },
    }),
  },
  {
    name: 'HAProxy',
    keepsConnections: true,
    repeatsDeliveries: true,
    ...(haproxy && {
      start: (port, targets) =>
        runServer({
          program: haproxy,
          args: (folder) => ['-db', '-f', join(folder, 'haproxy.cfg')],
          files: {
            'haproxy.cfg': replaceAll(readBlock('haproxy'), [
              [
                ':443 ssl crt /etc/haproxy/bot.example.com.pem alpn h2,http/1.1',
                `127.0.0.1:${port}`,
              ],
              ['127.0.0.1:3000', targets[0] ?? ''],
              ['127.0.0.1:3001', targets[1] ?? ''],
            ]),
          },
          port,
        }),
    }),
  },
];
