import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createViewEngine } from '../../server/web/views.ts';

describe('views', () => {
  let folder: string;
  let engine: ReturnType<typeof createViewEngine>;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'views-'));
    engine = createViewEngine();
  });

  async function write(name: string, text: string): Promise<void> {
    const file = join(folder, `${name}.ejs`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  const render = (name: string, locals: { cache?: boolean } & Record<string, unknown>) =>
    new Promise((resolve, reject) => {
      engine(join(folder, `${name}.ejs`), locals, (error, html) =>
        error === null ? resolve(html) : reject(error),
      );
    });

  it('gives a view that is included the locals of the page, and its own before them', async () => {
    await write('page', `<%- include('parts/one', { name: 'its own' }) %>, <%= name %>`);
    await write('parts/one', `<%- include('two') %>`);
    await write('parts/two', `<%= name %> of <%= account %>`);
    const html = await render('page', { name: 'the page’s', account: '<Acme>' });
    expect(html).toBe('its own of &lt;Acme&gt;, the page’s');
  });

  it('finds a view from the folder of the one that includes it', async () => {
    await write('page', `<%- include('a/part') %> <%- include('b/part') %>`);
    await write('a/part', `<%- include('name') %>`);
    await write('b/part', `<%- include('name') %>`);
    await write('a/name', 'first');
    await write('b/name', 'second');
    expect(await render('page', { cache: true })).toBe('first second');
  });

  it.each([
    ['shows what was saved meanwhile', false, 'new'],
    ['keeps what it has compiled where views are cached', true, 'old'],
  ])('%s', async (_name, cache, expected) => {
    await write('page', `<%- include('part') %>`);
    await write('part', 'old');
    await render('page', { cache });
    await write('part', 'new');
    expect(await render('page', { cache })).toBe(expected);
  });

  it('tells which line of which view an error is in', async () => {
    await write('page', `<%- include('part') %>`);
    await write('part', 'one\n<%= nobody.name %>');
    await expect(render('page', {})).rejects.toThrow(/part\.ejs:2[^]*nobody is not defined/);
    await expect(render('missing', {})).rejects.toThrow('ENOENT');
  });
});
