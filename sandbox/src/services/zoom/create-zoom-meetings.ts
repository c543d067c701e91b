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

  function setCountToday(userId: string, count: number) {
    meetingCounts.set(userId, { day: today(), count });
    announce();
  }

  return {
    /** Throws 429 when the host has made as many as a day allows. */
    create(host: ZoomUser, asked: MeetingToCreate): ZoomMeeting {
      const count = countToday(host.id);
      if (count >= MEETINGS_A_DAY) throw dailyLimitError();
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
      setCountToday(host.id, count + 1);
      return meeting;
    },

    find: (id: string): ZoomMeeting | undefined => meetings.get(Number(id)),

    /** Oldest first. */
    list: (): ZoomMeeting[] => [...meetings.values()],

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
