import { newId } from '../state/new-id.ts';

export interface Attachment {
  type: string;
  bytes: Buffer;
}

export type Attachments = ReturnType<typeof createAttachments>;

/** Uploaded files: the newest `kept`, until the sandbox stops. */
export function createAttachments({ kept }: { kept: number }) {
  const files = new Map<string, Attachment>();
  return {
    add(attachment: Attachment): string {
      const id = newId();
      files.set(id, attachment);
      const [oldest] = files.keys();
      if (files.size > kept && oldest !== undefined) files.delete(oldest);
      return id;
    },
    /** Of all that are kept. */
    bytes: (): number => [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
    find: (id: string): Attachment | undefined => files.get(id),
  };
}
