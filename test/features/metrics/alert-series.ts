export interface AlertCase {
  alert: string;
  /** In what case, as a sentence after its name. */
  when: string;
  /** Values by series, in promtool's notation, one a minute. */
  series: Record<string, string>;
  /** Minutes after the first value. */
  at: number;
  /** The labels it fires with, beside its severity; none: it must not fire. */
  fires: Record<string, string>[];
}

export const ONE = 'job="shopkeeper",instance="app-1:3000"';
export const TWO = 'job="shopkeeper",instance="app-2:3000"';
export const OTHER = 'job="shop-for-shoes",instance="shoes:3000"';
export const US = { job: 'shopkeeper' };
export const FIRST = { job: 'shopkeeper', instance: 'app-1:3000' };
export const SECOND = { job: 'shopkeeper', instance: 'app-2:3000' };
export const deliveries = (labels: string, status: number) =>
  `shopkeeper_deliveries_total{${labels},status="${status}"}`;
export const calls = (labels: string, service: string, status: string) =>
  `shopkeeper_outgoing_calls_total{${labels},service="${service}",operation="Any",status="${status}"}`;
export const attempts = (labels: string) =>
  `shopkeeper_event_attempts_total{${labels},state="failed"}`;
export const failed = (labels: string) => `shopkeeper_events{${labels},state="failed"}`;
export const refreshes = (result: string) =>
  `shopkeeper_token_refreshes_total{${ONE},provider="zoom",result="${result}"}`;
export const replies = (within10: string, all: string) => ({
  [`shopkeeper_reply_seconds_bucket{${ONE},le="10"}`]: within10,
  [`shopkeeper_reply_seconds_bucket{${ONE},le="30"}`]: all,
  [`shopkeeper_reply_seconds_bucket{${ONE},le="+Inf"}`]: all,
  [`shopkeeper_reply_seconds_count{${ONE}}`]: all,
});
