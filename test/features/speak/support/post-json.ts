export const shipped = { key: 'parcel 7', data: 'Shipped.' };

/** As another program would. */
export async function postJson(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return {
    status: response.status,
    headers: response.headers,
    retryAfter: response.headers.get('retry-after'),
    body: answer,
  };
}
