import { once } from 'node:events';

/** Work that stops at a gate: `entered` says that it got there, `open` lets it go on. */
export function createGate() {
  const signals = new EventTarget();
  const entered = once(signals, 'entered');
  const opened = once(signals, 'opened');
  return {
    entered,
    open: () => signals.dispatchEvent(new Event('opened')),
    pass: async () => {
      signals.dispatchEvent(new Event('entered'));
      await opened;
    },
  };
}
