const PROBE_TIMEOUT_MS = 5_000;

/** Whether the root of the target's origin answers GET with success. */
export async function isReachable(target: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/', target), {
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
