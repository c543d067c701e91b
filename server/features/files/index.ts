import type { Core } from '../../core.ts';
import { watchFetch } from '../../observe.ts';
import { marketplaceHeaders } from '../../zendesk/connect.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { downloadFile, type FileAccess } from './download.ts';
import { readMedia } from './media.ts';
import { openUpload, uploadAttachment } from './upload.ts';

/** Pictures and files: those of customers can be read, and the bot's own can be sent. */
export const files: Feature = { name: 'files', open };

function open({ config, observe }: Core): FeatureParts {
  const access: FileAccess = {
    fetch: watchFetch(observe, 'zendesk'),
    headers: marketplaceHeaders(config.marketplace),
    legacyApiUrl: config.zendesk.legacyApiUrl,
  };
  return {
    readMessage: ({ content }, { client, signal }) =>
      content.type === 'text'
        ? undefined
        : readMedia(content, (url, options) =>
            downloadFile(access, client.account(), url, { ...options, signal }),
          ),
    tools: ({ client, conversationId }) => ({
      upload: (source, file) =>
        openUpload(source, file, (given) => uploadAttachment(client, conversationId, given)),
    }),
  };
}
