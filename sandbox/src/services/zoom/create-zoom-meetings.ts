import { randomBytes, randomInt } from 'node:crypto';
import { dailyLimitError, MEETINGS_A_DAY } from './errors.ts';
import type { ZoomUser } from './users.ts';
import type { ZoomMeeting, ZoomState } from './zoom-state.ts';

interface MeetingsOptions {
  state: ZoomState;
  announce: () => void;
  /** The newest so many. */
  kept: number;
}

export type MeetingToCreate = Pick<
  ZoomMeeting,
  'topic' | 'type' | 'startTime' | 'duration' | 'timezone' | 'agenda' | 'settings'
> & { password?: string | undefined };

export function createZoomMeetings({ state, announce, kept }: MeetingsOptions) {
  const { meetings, meetingCounts } = state;

  function countToday(userId: string): number {
    const made = meetingCounts.get(userId);
    return made?.day === today() ? made.count : 0;
  }

  /** Zoom counts creating and updating. Throws 429 when the host has done as much as a day allows. */
  function countOne(hostId: string): void {
    const count = countToday(hostId);
    if (count >= MEETINGS_A_DAY) throw dailyLimitError();
    setCountToday(hostId, count + 1);
  }

  function setCountToday(userId: string, count: number) {
    meetingCounts.set(userId, { day: today(), count });
    announce();
  }

  return {
    create(host: ZoomUser, asked: MeetingToCreate): ZoomMeeting {
      countOne(host.id);
      const meeting = {
        ...asked,
        id: randomInt(80_000_000_000, 90_000_000_000),
        uuid: randomBytes(16).toString('base64'),
        hostId: host.id,
        password: asked.password ?? randomBytes(4).toString('hex'),
        createdAt: new Date().toISOString(),
      };
      meetings.set(meeting.id, meeting);
      const [oldest] = meetings.keys();
      if (meetings.size > kept && oldest !== undefined) meetings.delete(oldest);
      announce();
      return meeting;
    },

    /** What is not named stays. */
    update(meeting: ZoomMeeting, changes: Partial<MeetingToCreate>): void {
      countOne(meeting.hostId);
      const { password = meeting.password, settings, ...rest } = changes;
      const merged = { ...meeting.settings, ...settings };
      meetings.set(meeting.id, { ...meeting, ...rest, password, settings: merged });
      announce();
    },

    remove({ id }: ZoomMeeting): void {
      meetings.delete(id);
      announce();
    },

    find: (id: string): ZoomMeeting | undefined => meetings.get(Number(id)),

    /** Oldest first. */
    list: (): ZoomMeeting[] => [...meetings.values()],

    listOf: (host: ZoomUser): ZoomMeeting[] =>
      [...meetings.values()].filter(({ hostId }) => hostId === host.id),

    madeToday: (): ZoomMeeting[] =>
      [...meetings.values()].filter(({ createdAt }) => createdAt.startsWith(today())),

    countToday,
    setCountToday,
  };
}

/** The day the limit counts, in UTC. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
