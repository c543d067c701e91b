import { vi } from 'vitest';
import type { fakeTools } from '../../bot/fake-tools.ts';

/** As in an account in which every connection works, also the one that docs/add-a-provider.md adds. */
export function connectEverything({ connections }: ReturnType<typeof fakeTools>): void {
  const joinUrl = 'https://zoom.example/j/1';
  connections.zoom.createMeeting.mockResolvedValue({ ok: true, joinUrl });
  const nextFreeHour = vi.fn().mockResolvedValue({ ok: true, value: '10:00' });
  Object.assign(connections, { calendar: { nextFreeHour } });
}
