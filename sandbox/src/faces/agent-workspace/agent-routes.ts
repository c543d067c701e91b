import { Router } from 'express';
import type { Request, Response } from 'express';
import {
  acceptOffer,
  closeTicket,
  replyAsAgent,
  takeOver,
  transferToEmail,
} from '../../platform/agent.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { Refused } from '../../refused.ts';
import type { Account, Conversation } from '../../state/records.ts';
import { findAccount } from '../../web/requests.ts';
import { streamChanges } from '../../web/stream-changes.ts';
import { readKnownLog } from '../chat/show-log.ts';
import { submitText } from '../chat/submit-text.ts';
import type { RefusedText } from '../chat/submit-text.ts';
import { listConversations } from './list-conversations.ts';
import { readByAgent, showConversationForAgent } from './show-workspace.ts';

/** As many as somebody works off; all of them by a link. */
const LISTED = 100;

/** Where a human agent sees the account's conversations and answers. */
export function createAgentRoutes({ platform }: { platform: Platform }) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  function findOwn(account: Account, { params }: Request): Conversation {
    const conversation = state.conversations.get(String(params['conversationId']));
    if (conversation?.account === account.slug) return conversation;
    throw new Refused(404, 'There is no such conversation.');
  }

  function render(request: Request, response: Response, draft?: RefusedText) {
    const account = findAccount(state, request);
    const conversation =
      request.params['conversationId'] === undefined ? undefined : findOwn(account, request);
    if (conversation) readByAgent(platform, conversation);
    const all = listConversations(platform, account);
    const listed = request.query['list'] === 'all' ? all : all.slice(0, LISTED);
    response.status(draft ? 400 : 200).render('agent/agent', {
      account,
      conversations: listed,
      others: all.length - listed.length,
      current:
        conversation &&
        showConversationForAgent(platform, {
          account,
          conversation,
          viewer: 'agent',
          all: request.query['all'] === '1',
          known: readKnownLog(request),
        }),
      refused: draft && { at: 'text', values: { text: draft.text }, problem: draft.problem },
    });
  }

  /** A route that acts on one conversation, then shows it. */
  function act(path: string, work: (conversation: Conversation) => void) {
    router.post(`/conversations/:conversationId/${path}`, (request, response) => {
      const account = findAccount(state, request);
      const conversation = findOwn(account, request);
      work(conversation);
      response.redirect(303, `/accounts/${account.slug}/agent/conversations/${conversation.id}`);
    });
  }

  router.get('/', (request, response) => render(request, response));
  router.get('/conversations/:conversationId', (request, response) => render(request, response));

  router.get('/changes', (request, response) => {
    const { slug } = findAccount(state, request);
    const concerns = (change: { account?: string }) => change.account === slug;
    streamChanges(platform.changes, concerns, request, response);
  });

  router.post('/conversations/:conversationId/messages', (request, response) => {
    const account = findAccount(state, request);
    const conversation = findOwn(account, request);
    const refused = submitText(state, conversation, request, (text) =>
      replyAsAgent(platform, conversation, text),
    );
    if (refused) render(request, response, refused);
    else response.redirect(303, `/accounts/${account.slug}/agent/conversations/${conversation.id}`);
  });

  router.post('/conversations/:conversationId/typing', (request, response) => {
    platform.typing.start(findOwn(findAccount(state, request), request));
    response.status(204).end();
  });

  act('take-over', (conversation) => takeOver(platform, conversation));
  act('accept', (conversation) => acceptOffer(platform, conversation));
  act('solve', (conversation) => closeTicket(platform, conversation));
  act('email', (conversation) => transferToEmail(platform, conversation));
  return router;
}
