/** Of an account: so many at once, and then so many a second. No more than 200 are kept of it anyway. */
const OF_ACCOUNT = { burst: 50, perSecond: 2 };
/** Of all accounts together, which is what following them may cost a busy process. */
const OF_ALL = { burst: 500, perSecond: 20 };
const ACCOUNTS_REMEMBERED = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Tells whether an event of an account is followed step by step. To follow, describe and store one costs as
 * much as the answer itself; of hundreds a second nobody could look at more than a few.
 */
export function createSample({ now }: { now: () => number }): (account: string) => boolean {
  const ofAll: Bucket = { tokens: OF_ALL.burst, at: now() };
  const accounts = new Map<string, Bucket>();

  function bucketOf(account: string): Bucket {
    const known = accounts.get(account);
    if (known !== undefined) return known;
    // Whoever is forgotten may store as many as somebody new.
    if (accounts.size >= ACCOUNTS_REMEMBERED) accounts.clear();
    const bucket = { tokens: OF_ACCOUNT.burst, at: now() };
    accounts.set(account, bucket);
    return bucket;
  }

  return function hasRoom(account) {
    const bucket = bucketOf(account);
    refill(bucket, OF_ACCOUNT, now());
    refill(ofAll, OF_ALL, now());
    if (bucket.tokens < 1 || ofAll.tokens < 1) return false;
    bucket.tokens -= 1;
    ofAll.tokens -= 1;
    return true;
  };
}

function refill(bucket: Bucket, { burst, perSecond }: typeof OF_ACCOUNT, at: number): void {
  const seconds = Math.max(0, at - bucket.at) / 1_000;
  bucket.tokens = Math.min(burst, bucket.tokens + seconds * perSecond);
  bucket.at = at;
}
