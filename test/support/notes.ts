import type { Core } from '../../server/core.ts';
import type { Feature } from '../../server/features/feature.ts';
import { createObserve, type Note, type Observer } from '../../server/observe.ts';

/** What the owners of accounts are told, heard by a test instead of kept by a feature. */
export function createNotes() {
  const heard = new Map<string, Note[]>();
  let observe: Core['observe'] | undefined;

  function hear(installationId: string, note: Note): void {
    heard.set(installationId, [...(heard.get(installationId) ?? []), note]);
  }

  const observer: Observer = {
    note: async (id, kind, text) => hear(id, { kind, text }),
    occur: {
      'attempt-settled': ({ event, activity }) => {
        if (activity !== undefined) hear(event.installation_id, activity);
      },
    },
    async remove(_transaction, id, last) {
      heard.set(id, [last]);
    },
  };
  const feature: Feature = {
    name: 'notes',
    open(core) {
      ({ observe } = core);
      return { observer };
    },
  };

  return {
    observer,
    feature,

    /** For parts of the app that a test puts together itself. */
    createObserve(): Core['observe'] {
      const own = createObserve();
      own.add(observer);
      return own;
    },

    /** Newest first. */
    latest: (installationId: string, limit: number): Note[] =>
      (heard.get(installationId) ?? []).slice(-limit).toReversed(),

    /** For stores beside those of the app: its observers hear of what is removed there. */
    app: {
      remove: async (...given: Parameters<Core['observe']['remove']>): Promise<void> =>
        await observe?.remove(...given),
    },

    /** As the app says it. */
    add: async (installationId: string, kind: string, text: string): Promise<void> =>
      await observe?.note(installationId, kind, text),
  };
}
