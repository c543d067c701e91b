/** The value of a cookie in the request's Cookie header; empty when there is none. */
export function readCookie(header: string | undefined, wanted: string): string {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === wanted && value !== undefined) return value;
  }
  return '';
}
