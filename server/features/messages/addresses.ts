import { z } from 'zod';
import type { OutgoingContent, Upload } from '../../runtime/types.ts';
import type { MessageContent } from './content.ts';

/** Where the files of a content are, the first time it is sent. One after the other: each is held whole. */
export async function uploadFiles(content: OutgoingContent): Promise<MessageContent> {
  if (content.type === 'image' || content.type === 'file')
    return { ...content, mediaUrl: await addressOf(content.mediaUrl) };
  if (content.type !== 'carousel' && content.type !== 'list') return content;
  const items = [];
  for (const { mediaUrl, ...item } of content.items)
    items.push(mediaUrl === undefined ? item : { ...item, mediaUrl: await addressOf(mediaUrl) });
  return { ...content, items };
}

async function addressOf(file: string | Upload): Promise<string> {
  return typeof file === 'string' ? file : await file.url();
}

const Media = z.looseObject({ mediaUrl: z.string().optional().catch(undefined) });
const Sent = Media.extend({ items: z.array(Media).optional().catch(undefined) });

/** An earlier attempt has sent the content: its files are where the message that it made says. */
export function recallFiles(content: OutgoingContent, sent: unknown): void {
  const { mediaUrl, items = [] } = Sent.safeParse(sent).data ?? {};
  if (content.type === 'image' || content.type === 'file') recallFile(content.mediaUrl, mediaUrl);
  if (content.type === 'carousel' || content.type === 'list')
    for (const [index, item] of content.items.entries())
      recallFile(item.mediaUrl, items[index]?.mediaUrl);
}

function recallFile(file: string | Upload | undefined, address: string | undefined): void {
  if (typeof file === 'object' && address !== undefined) file.isAt(address);
}
