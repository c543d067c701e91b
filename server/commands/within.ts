/** Rejects with a TimeoutError when the work takes longer; the work itself is not stopped. */
export async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  const timer = AbortSignal.timeout(timeoutMs);
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer.addEventListener('abort', () => reject(timer.reason), { once: true });
  });
  return await Promise.race([work, tooLate]);
}
