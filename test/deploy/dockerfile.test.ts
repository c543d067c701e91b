import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { readText } from './read-file.ts';

const dockerfile = readText('Dockerfile');
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const instructionsOf = (stage: string) => stage.split('\n').filter((line) => /^[A-Z]/.test(line));
const final = instructionsOf(stages.at(-1) ?? '');
const find = (name: string) => final.filter((line) => line.startsWith(`${name} `));

describe('the Dockerfile', () => {
  it('has nothing to complain about', () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });

  it('is checked by something that complains', () => {
    expect(validate('FROM node\nRUNS npm ci\nCMD ["a"]\nCMD ["b"]\n')).not.toEqual([]);
  });

  it('builds and runs on the same image, which nobody can change under its name', () => {
    const images = stages.map((stage) => /^FROM (\S+)/.exec(stage)?.[1]);
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:26\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/);
  });

  it('leaves development dependencies behind', () => {
    expect(stages).toHaveLength(2);
    expect(find('RUN')).toContain('RUN npm ci --omit=dev && rm -r node_modules/@ngrok');
    expect(final.filter((line) => line.includes('--from='))).toEqual([
      'COPY --from=build /app/dist dist',
      'COPY --from=build /app/sandbox/dist sandbox/dist',
    ]);
  });

  it('has the manifests of both packages before it installs what they name', () => {
    for (const stage of stages) {
      const instructions = instructionsOf(stage);
      const installing = instructions.findIndex((line) => line.startsWith('RUN npm ci'));
      expect(instructions.slice(0, installing)).toEqual(
        expect.arrayContaining([
          'COPY package.json package-lock.json ./',
          'COPY sandbox/package.json sandbox/',
        ]),
      );
    }
  });

  it('runs node itself, as a user by number who is not root', () => {
    expect(find('USER')).toEqual(['USER 1000:1000']);
    expect(find('CMD')).toEqual(['CMD ["node", "dist/server/main.js"]']);
    expect(final.indexOf('USER 1000:1000')).toBeGreaterThan(
      final.findLastIndex((line) => /^(RUN|COPY) /.test(line)),
    );
  });

  it('keeps what it stores on a volume and tells whether it is alive', () => {
    expect(find('VOLUME')).toEqual(['VOLUME /app/data']);
    expect(find('HEALTHCHECK')).toEqual([
      expect.stringMatching(/CMD \["node", "dist\/server\/commands\/check-health\.js"\]$/),
    ]);
  });

  it('does not get secrets, data or foreign binaries from the folder it is built in', () => {
    const ignored = new Set(readText('.dockerignore').trim().split('\n'));
    for (const name of ['.env', '.git', 'data', 'dist', 'sandbox/dist', 'node_modules'])
      expect(ignored).toContain(name);
  });
});
