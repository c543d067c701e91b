interface PostOptions {
  url: string;
  /** JSON, sent byte for byte as it was signed. */
  body: string;
  timestamp: string;
  signature: string;
  signal: AbortSignal;
}

/** A receiver that takes longer has not answered. */
const ANSWER_TIMEOUT_MS = 3_000;

/** The answer, or null when nobody answered in time. Redirects are not followed. */
export async function postEvent({ url, body, timestamp, signature, signal }: PostOptions) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'x-zm-request-timestamp': timestamp,
        'x-zm-signature': signature,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return null;
  }
}
