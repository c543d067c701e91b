import { setTimeout as sleep } from 'node:timers/promises';

/** Rejects with a TimeoutError when the work takes longer; the work itself is not stopped. */
export async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  const deadline = startDeadline(timeoutMs);
  try {
    return await endWhenAborted(work, deadline.signal);
  } finally {
    deadline.end();
  }
}

/**
 * A signal that aborts when its time is over, unless `end` is called before. Not AbortSignal.timeout: what
 * listens to that, and what began it, is kept until then, however soon the work has ended.
 */
export function startDeadline(timeoutMs: number): { signal: AbortSignal; end: () => void } {
  const tooLong = new AbortController();
  const timer = setTimeout(() => {
    tooLong.abort(new DOMException(`No end within ${timeoutMs} ms.`, 'TimeoutError'));
  }, timeoutMs);
  return { signal: tooLong.signal, end: () => clearTimeout(timer) };
}

/** Runs the work again and again with a pause in between, never twice at once. Returns what ends it. */
export function repeat(work: () => Promise<void>, pauseMs: number): () => void {
  let ended = false;
  const timer = setTimeout(() => {
    void work().finally(() => {
      if (!ended) timer.refresh();
    });
  }, pauseMs);
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** The work's outcome, or the signal's reason if that comes first. */
export async function endWhenAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  let refuse = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    refuse = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted.'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // Nothing of an attempt may be reachable once it has ended.
    signal.removeEventListener('abort', refuse);
  }
}

const TRIES = 8;
const PAUSE_MS = 1_000;

/**
 * For what was done and must not be lost: a database that is restarted or fails over is away for some seconds, so
 * the work is tried again each second. @throws the error of the last try, or the first that `isFinal` says is.
 */
export async function outlast<Result>(
  work: () => Promise<Result>,
  isFinal: (error: unknown) => boolean,
): Promise<Result> {
  for (let triesLeft = TRIES - 1; ; triesLeft--) {
    try {
      return await work();
    } catch (error) {
      if (triesLeft === 0 || isFinal(error)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
