interface PostJsonOptions {
  url: string;
  body: unknown;
  headers?: Record<string, string>;
  signal: AbortSignal;
}

/** A receiver that takes longer has not answered. From the platform's retry policy. */
const ANSWER_TIMEOUT_MS = 20_000;

/** The status answered, or null when nobody answered in time. Redirects are not followed. */
export async function postJson({ url, body, headers, signal }: PostJsonOptions) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    // An unread body would keep the connection from being used again.
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
