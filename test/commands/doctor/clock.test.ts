import { expect, it } from 'vitest';
import { checkClockOf } from '../../../server/commands/doctor/check-clock.ts';
import { serve } from '../../support/network/serve.ts';

const NOW = Date.parse('2026-01-01T12:00:00Z');

it.each([
  ['Thu, 01 Jan 2026 12:00:03 GMT', 'It agrees with Zendesk.'],
  ['Thu, 01 Jan 2026 12:01:00 GMT', 'This machine is 60 s behind Zendesk.'],
  ['-1', 'Zendesk does not tell the time.'],
  ['Tue, 30 Feb 2026 12:00:00 GMT', 'Zendesk does not tell the time.'],
])('an answer of the date %j tells the doctor: %s', async (date, text) => {
  const place = await serve((_request, response) => response.writeHead(200, { date }).end());
  const finding = await checkClockOf('Zendesk', place.url, { timeoutMs: 5_000, now: () => NOW });
  expect(finding.text).toBe(text);
  place.close();
});
