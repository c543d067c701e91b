import { expect, it } from 'vitest';
import { loadSecrets, type Secrets } from '../../server/config/load-secrets.ts';
import { OperatorError } from '../../server/errors.ts';

const secretsOf = (name: string): Secrets => ({
  sessionSecrets: [name.repeat(32)],
  encryptionKeys: [{ id: name, key: Buffer.alloc(32, name) }],
});
const configured = secretsOf('c');
const made = secretsOf('m');
const maker = { secrets: { isThere: () => true, load: () => made } };
const dataDir = '/nowhere';

it('what is configured is taken, and nothing is made', () => {
  const load = () => expect.fail('was asked');
  const asked = { secrets: { isThere: () => true, load } };
  expect(loadSecrets({ ...configured, dataDir }, [asked])).toEqual(configured);
});

it('what is missing comes from the feature that makes secrets', () => {
  expect(loadSecrets({ dataDir }, [{}, maker])).toEqual(made);
  const { encryptionKeys } = configured;
  expect(loadSecrets({ encryptionKeys, dataDir }, [maker])).toEqual({ ...made, encryptionKeys });
});

it('without such a feature nothing is made up', () => {
  const { encryptionKeys } = configured;
  for (const given of [{}, { encryptionKeys }]) {
    const load = () => loadSecrets({ ...given, dataDir }, [{}]);
    expect(load).toThrow(OperatorError);
    expect(load).toThrow('SESSION_SECRETS or ENCRYPTION_KEYS is missing');
  }
});
