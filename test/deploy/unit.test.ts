import { describe, expect, it } from 'vitest';
import { readText } from './read-file.ts';

const [, unit = ''] = /^```ini\n(.*?)^```/ms.exec(readText('docs/deploy.md')) ?? [];
const valuesOf = (name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value);

describe('the systemd unit of docs/deploy.md', () => {
  it('starts node itself, so that the signal to stop arrives, and gives it time', () => {
    // `env` becomes what it starts.
    expect(valuesOf('ExecStart')).toEqual([
      expect.stringMatching(/^\/usr\/bin\/env \S+=\S+ \/usr\/bin\/node dist\/server\/main\.js$/),
    ]);
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThan(10);
  });

  it('keeps its data in its folder, whatever the file of variables says, which wins over Environment', () => {
    expect(valuesOf('ExecStart')[0]).toContain(
      ` DATA_DIR=/var/lib/${valuesOf('StateDirectory')[0]} `,
    );
    const set = valuesOf('Environment').join(' ');
    const inFile = [...readText('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([line]) => line);
    expect(inFile).toContain('DATA_DIR=');
    expect(inFile.filter((one) => set.includes(one))).toEqual([]);
  });

  it('is started again for as long as it takes: five starts within ten seconds end that', () => {
    expect(valuesOf('Restart')).toEqual(['always']);
    expect(Number(valuesOf('RestartSec')[0])).toBeGreaterThan(10 / 5);
  });

  it('gives no more rights than the app needs', () => {
    expect(valuesOf('CapabilityBoundingSet')).toEqual(['']);
    expect(valuesOf('User')).toEqual(['shopkeeper']);
    expect(valuesOf('UMask')).toEqual(['0077']);
    const switches = [
      'NoNewPrivileges',
      'PrivateDevices',
      'ProtectKernelLogs',
      'ProtectKernelModules',
      'ProtectKernelTunables',
      'RestrictNamespaces',
    ];
    for (const name of switches) expect(valuesOf(name), name).toEqual(['yes']);
  });

  it('lets V8 work: it writes machine code, and asks for memory keys, which may be refused', () => {
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual([]);
    expect(valuesOf('SystemCallFilter')).toEqual(['@system-service @pkey', '~@privileged']);
    expect(valuesOf('SystemCallErrorNumber')).toEqual(['EPERM']);
  });
});
