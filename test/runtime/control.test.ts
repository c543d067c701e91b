import { describe, expect, it } from 'vitest';
import { describeController, isInControl, nameController } from '../../server/runtime/control.ts';

const us = { integrationType: 'our-client-id', name: 'shop' };
const agents = { integrationType: 'zd:agentWorkspace', name: 'zd-agentWorkspace' };
const another = { integrationType: 'another-client', name: 'our-client-id' };

describe('who is in control', () => {
  it.each([
    { name: 'our client', active: us, normally: true, withoutSwitchboard: true },
    { name: 'the agents', active: agents, normally: false, withoutSwitchboard: false },
    { name: 'a bot named like us', active: another, normally: false, withoutSwitchboard: false },
    { name: 'somebody without a type', active: {}, normally: false, withoutSwitchboard: false },
    { name: 'null', active: null, normally: false, withoutSwitchboard: true },
    { name: 'undefined', active: undefined, normally: false, withoutSwitchboard: true },
  ])('is us when it is $name: $normally', ({ active, normally, withoutSwitchboard }) => {
    const clientId = 'our-client-id';
    expect(isInControl(active, { clientId, answerWithoutSwitchboard: false })).toBe(normally);
    expect(isInControl(active, { clientId, answerWithoutSwitchboard: true })).toBe(
      withoutSwitchboard,
    );
  });

  it('is named by type, else by name, else as nobody', () => {
    expect(nameController(agents)).toBe('zd:agentWorkspace');
    expect(nameController({ name: 'zd-answerBot' })).toBe('zd-answerBot');
    expect(nameController({})).toBe('nobody');
    expect(nameController(null)).toBe('nobody');
  });

  it('is described in words where we have some', () => {
    const rule = { clientId: 'our-client-id', answerWithoutSwitchboard: false };
    expect(describeController({ integrationType: 'our-client-id' }, rule)).toBe('this bot');
    expect(describeController(agents, rule)).toBe('the Agent Workspace');
    expect(describeController({ name: 'zd-answerBot' }, rule)).toBe('zd-answerBot');
    expect(describeController(null, rule)).toBe('nobody');
  });
});
