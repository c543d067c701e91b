import type { Core } from '../../core.ts';
import type { RemoteFetch } from '../../remote-call.ts';
import { marketplaceHeaders } from '../../zendesk/connect.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { downloadFile, type FileAccess } from './download.ts';
import { readMedia } from './media.ts';
import { openUpload, uploadAttachment } from './upload.ts';

/** Pictures and files: those of customers can be read, and the bot's own can be sent. */
export const files: Feature = { name: 'files', open };

function open({ config, observe }: Core): FeatureParts {
  const watched: RemoteFetch = (operation, url, init) =>
    observe.call({ service: 'zendesk', operation, url, init }, () => fetch(url, init));
  const access: FileAccess = {
    fetch: watched,
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
