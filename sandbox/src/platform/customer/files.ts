import { Refused } from '../../refused.ts';
import type { Conversation, Message } from '../../state/records.ts';
import { addAttachment, altTextOf, mediaUrlOf } from '../attachments.ts';
import type { NewFile } from '../attachments.ts';
import type { Platform } from '../create-platform.ts';
import { send } from './customer.ts';

const MAX_CAPTION = 4096;

/**
 * The customer sends a picture or another file, with a caption if there is one.
 * @throws Refused 413 when it is too large, 415 when Zendesk takes none of its kind, 400 when it is empty or the caption is too long.
 */
export function sendFile(
  platform: Platform,
  conversation: Conversation,
  { caption, ...file }: NewFile & { caption?: string | undefined },
): Message {
  const account = platform.state.accounts.get(conversation.account);
  if (!account || file.bytes.length === 0) throw new Refused(400, 'Choose a file first.');
  if (caption !== undefined && caption.length > MAX_CAPTION) {
    throw new Refused(400, `A caption cannot be longer than ${MAX_CAPTION} characters.`);
  }
  const attachment = addAttachment(platform, account, file, conversation.id);
  return send(platform, conversation, {
    type: file.mediaType.startsWith('image/') ? 'image' : 'file',
    mediaUrl: mediaUrlOf(platform.url, attachment),
    mediaType: file.mediaType,
    mediaSize: file.bytes.length,
    altText: altTextOf(file.name),
    attachmentId: attachment.id,
    ...(caption && { text: caption }),
  });
}
