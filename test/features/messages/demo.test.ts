import { describe, expect, it } from 'vitest';
import { sampleBot as bot } from '../../support/sample-bot.ts';
import { demoBot } from '../../../server/features/demo/bot.ts';
import { menu } from '../../../server/features/demo/menu.ts';
import { fakeMessage } from '../../bot/fake-message.ts';
import { fakeTools } from '../../bot/fake-tools.ts';
import { openChat } from '../../support/open-chat.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { fakeSend } from './fake-send.ts';

const { onMessage, onPostback } = demoBot(bot);

describe('the demo’s menu', () => {
  it.each([fakeMessage('menu'), fakeMessage({ type: 'other', kind: 'image', text: 'Menu' })])(
    'is shown on “menu”, also under a picture',
    async (message) => {
      const tools = fakeTools(fakeSend());
      await onMessage({ ...tools, message });
      expect(tools.send).toHaveBeenCalledExactlyOnceWith({ type: 'carousel', items: menu });
    },
  );

  it('has no button that onPostback does not know', async () => {
    for (const { actions } of menu) {
      for (const action of actions) {
        const tools = fakeTools();
        const payload = action.type === 'postback' ? action.payload : '';
        await onPostback?.({ ...tools, payload, metadata: {} });
        expect(JSON.stringify(tools.reply.mock.calls), action.text).not.toContain('an older menu');
      }
    }
  });

  it('is a carousel in the conversation, whose buttons are answered', async () => {
    const chat = await openChat({});
    await chat.say('Menu');
    expect(chat.replies()).toEqual(['carousel']);
    chat.zendesk.sendPostback({ conversationId: chat.conversationId, payload: 'hours' });
    await waitUntil('the button was answered', () => chat.replies().length === 2);
    expect(chat.replies().at(-1)).toContain('open Monday');
    await chat.shop.close();
  });
});
