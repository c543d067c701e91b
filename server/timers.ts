/** Rejects with a TimeoutError when the work takes longer; the work itself is not stopped. */
export async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const error = new DOMException(`No end within ${timeoutMs} ms.`, 'TimeoutError');
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the work again and again with a pause in between, never twice at once. Returns what ends it. */
export function repeat(work: () => Promise<void>, pauseMs: number): () => void {
  let timer: NodeJS.Timeout;
  let ended = false;
  const next = (): void => {
    timer = setTimeout(() => {
      void work().finally(() => {
        if (!ended) next();
      });
    }, pauseMs);
  };
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
