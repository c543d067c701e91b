import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../server/errors.ts';
import { features } from '../../../server/features.ts';
import { findStandIn } from '../../../server/start/stand-in.ts';

describe('the stand-in for Zendesk', () => {
  it('is that of a feature', () => {
    expect(findStandIn(features)).toBeDefined();
  });

  it('is asked for in vain where the feature was deleted, and that is said with what to do', () => {
    const others = features.filter(({ name }) => name !== 'sandbox');
    expect(() => findStandIn(others)).toThrow(OperatorError);
    expect(() => findStandIn(others)).toThrow('Set OAUTH_CLIENT_ID and OAUTH_CLIENT_SECRET');
  });
});
