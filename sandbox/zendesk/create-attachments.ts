import { newId } from '../state/new-id.ts';

interface Attachment {
  type: string;
  bytes: Buffer;
}

const KEPT = 50;

export type Attachments = ReturnType<typeof createAttachments>;

/** Uploaded files: the newest fifty, until the sandbox stops. */
export function createAttachments() {
  const files = new Map<string, Attachment>();
  return {
    add(attachment: Attachment): string {
      const id = newId();
      files.set(id, attachment);
      const [oldest] = files.keys();
      if (files.size > KEPT && oldest !== undefined) files.delete(oldest);
      return id;
    },
    find: (id: string): Attachment | undefined => files.get(id),
  };
}
