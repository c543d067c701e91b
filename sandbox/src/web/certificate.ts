import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const DAY_MS = 24 * 3_600_000;
/** No longer than browsers believe a certificate. */
const VALID_DAYS = 397;

/** What a TLS server shows, as PEM. */
export interface Identity {
  key: string;
  cert: string;
}

/**
 * The certificate kept in the file, or a new one there where it is absent, soon over, or lacks one of the
 * names. It is signed by itself: whoever speaks to the server has to be told to trust this file.
 * @param file of the certificate alone; its key lies beside it, as {file}.key.
 */
export function keepCertificate(file: string, names: string[], now = Date.now()): Identity {
  const kept = readKept(file);
  if (kept && isFit(kept, names, now)) return kept;
  const made = makeCertificate(names, now);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.key`, made.key, { mode: 0o600 });
  writeFileSync(file, made.cert);
  return made;
}

function readKept(file: string): Identity | undefined {
  const files = { key: `${file}.key`, cert: file };
  if (!existsSync(files.key) || !existsSync(files.cert)) return undefined;
  return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
}

function isFit({ key, cert }: Identity, names: string[], now: number): boolean {
  try {
    const read = new X509Certificate(cert);
    const has = new Set(read.subjectAltName?.split(', '));
    const isLong = Date.parse(read.validTo) > now + 30 * DAY_MS;
    const isWhole = read.checkPrivateKey(createPrivateKey(key));
    return isLong && isWhole && names.every((name) => has.has(`DNS:${name}`));
  } catch {
    // What cannot be read is made again.
    return false;
  }
}

/** Node reads certificates and makes none, so this writes X.509 v3 (RFC 5280) out of its parts. */
function makeCertificate(names: string[], now: number): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const issuer = sequence(
    set(sequence(oid(2, 5, 4, 3), der(0x0c, Buffer.from('Sandbox of this machine')))),
  );
  const alternatives = names.map((name) => der(0x82, Buffer.from(name, 'latin1')));
  const content = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(time(now - DAY_MS), time(now + VALID_DAYS * DAY_MS)),
    issuer,
    keyInfo,
    der(
      0xa3,
      sequence(
        // It is no authority.
        extension(oid(2, 5, 29, 19), sequence(), true),
        // Signs the handshake, as a server.
        extension(oid(2, 5, 29, 15), der(0x03, Buffer.of(7, 0x80)), true),
        extension(oid(2, 5, 29, 37), sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 1))),
        extension(oid(2, 5, 29, 17), sequence(...alternatives)),
        extension(oid(2, 5, 29, 14), der(0x04, createHash('sha1').update(keyInfo).digest())),
      ),
    ),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', content, privateKey)]);
  const whole = sequence(content, algorithm, der(0x03, signature));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** A value in DER: what it is, how long, and its bytes. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const digits = Buffer.from(length.toString(16).padStart(4, '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 + digits.length), digits, content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const set = (...parts: Buffer[]) => der(0x31, ...parts);
const integer = (bytes: Buffer) => der(0x02, bytes);

function oid(first: number, second: number, ...others: number[]): Buffer {
  const bytes = others.flatMap((number) => {
    const digits = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift((left % 128) + 128);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

/** Of this century: UTCTime has two digits for the year, up to 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2), 'latin1'));
}

function extension(id: Buffer, value: Buffer, isCritical = false): Buffer {
  const critical = isCritical ? [der(0x01, Buffer.of(0xff))] : [];
  return sequence(id, ...critical, der(0x04, value));
}
