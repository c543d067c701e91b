interface PostOptions {
  url: string;
  headers?: Record<string, string>;
  /** JSON, sent byte for byte. */
  body: string;
  signal: AbortSignal;
}

/** A receiver that takes longer has not answered. From the platform's retry policy. */
export const ANSWER_TIMEOUT_MS = 20_000;

/** The answer, or null when there was none before the signal aborted. Redirects are not followed. */
export async function postJson({ url, headers, body, signal }: PostOptions) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
      redirect: 'manual',
      signal,
    });
    // An unread body would keep the connection from being used again.
    return { status: response.status, body: await response.text() };
  } catch {
    return null;
  }
}
