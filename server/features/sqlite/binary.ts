import { readFileSync } from 'node:fs';

/*
 * In a build libsql asks these for the name of its binary, in the place of the packages @neon-rs/load and
 * detect-libc, which make Node write a report about the whole process first: a twentieth of a start
 * (scripts/bundle.js, findings/libsql-writes-a-report-about-the-process.sh).
 */

export const GLIBC = 'glibc';
export const MUSL = 'musl';

/** @returns what follows `@libsql/` in the name of the package with the binary. */
export function currentTarget(platform = process.platform, arch = process.arch): string {
  if (platform === 'win32') return `win32-${arch}-msvc`;
  if (platform !== 'linux') return `${platform}-${arch}`;
  const libc = familySync() === MUSL ? 'musl' : 'gnu';
  return arch === 'arm' ? `linux-arm-${libc}eabihf` : `linux-${arch}-${libc}`;
}

/** @param ldd the program or script that comes with each C library, and names it. */
export function familySync(ldd = '/usr/bin/ldd'): typeof GLIBC | typeof MUSL {
  try {
    return readFileSync(ldd, 'latin1').includes('musl') ? MUSL : GLIBC;
  } catch {
    // An image without it.
    return 'glibcVersionRuntime' in headerOfReport() ? GLIBC : MUSL;
  }
}

function headerOfReport(): object {
  const report = process.report.getReport();
  return 'header' in report && report.header instanceof Object ? report.header : {};
}
