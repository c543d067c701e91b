/** The process stops: the attempt did not fail, it was interrupted. */
export class ShutdownError extends Error {}

/**
 * Has the controller abort the work when it takes longer. Nothing of an attempt may be reachable once it has
 * ended: hence one controller for each, its timer cleared, its listener removed.
 */
export async function limitTime<Result>(
  controller: AbortController,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timer = setTimeout(() => {
    controller.abort(new Error(`The handler took longer than ${timeoutMs / 1_000} s.`));
  }, timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The work's outcome, or the signal's reason if that comes first. */
export async function endWhenAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  let stopListening = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const refuse = (): void =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse);
    stopListening = () => signal.removeEventListener('abort', refuse);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
