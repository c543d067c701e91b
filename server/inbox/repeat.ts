/** Runs the work again and again with a pause in between, never twice at once. Answers what ends it. */
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
