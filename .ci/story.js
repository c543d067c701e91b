/**
 * The first minute of a newcomer, on any system: `npm start`, a page of the app and one of the sandbox, and
 * the end. Run by the workflow where .ci/run cannot be: `node .ci/story.js`.
 */
import { spawn, spawnSync } from 'node:child_process';

const isWindows = process.platform === 'win32';
// npm is a script there, which only a shell starts; elsewhere a group of its own can be ended together.
const app = spawn('npm start', {
  shell: true,
  detached: !isWindows,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let printed = '';
for (const stream of [app.stdout, app.stderr])
  stream.on('data', (chunk) => {
    printed += chunk;
    process.stdout.write(chunk);
  });

try {
  const isReady = () => printed.includes('Shopkeeper is ready: http://localhost:3000');
  for (let tries = 0; !isReady(); tries += 1) {
    if (app.exitCode !== null || tries > 600) throw new Error('npm start did not get ready');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await expectPage('http://localhost:3000/', 'Add to Zendesk');
  await expectPage('http://localhost:3000/readyz', '');
  await expectPage('http://localhost:3100/', 'A Zendesk to try things on');
  console.log('ready, answered');
} finally {
  // Windows has no signals: what is told to end ends at once, and the next start has to bear it.
  if (isWindows) spawnSync('taskkill', ['/pid', String(app.pid), '/t', '/f']);
  else if (app.pid !== undefined) process.kill(-app.pid, 'SIGTERM');
}

async function expectPage(url, text) {
  const answer = await fetch(url);
  const page = await answer.text();
  if (!answer.ok || !page.includes(text))
    throw new Error(`${url}: ${answer.status}, without ${text}`);
}
