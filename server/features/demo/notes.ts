import type { OnMessage } from '../../runtime/types.ts';

/**
 * Reads the note of the customer's last meeting, and to nobody else: what a visitor has typed proves nothing.
 * It is deleted together with the connections feature.
 */
export const readNotes: OnMessage = async ({ typing, customer, connections, reply }) => {
  typing();
  const { identities } = customer.isAuthenticated ? await customer.profile() : { identities: [] };
  const email = identities.find(
    ({ type, verification }) => type === 'email' && verification === 'verified',
  );
  if (email === undefined) return reply('Please sign in first: notes are for their person only.');
  const notes = await connections.zocks?.latestNotes({ email: email.value, limit: 1 });
  if (notes === undefined) return reply('This bot knows no place with notes.');
  if (!notes.ok) return reply(notes.problem);
  const [latest] = notes.value;
  if (latest === undefined) return reply('There are no notes about you yet.');
  const day = latest.meeting.heldAt.toLocaleDateString('en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  return reply(`On ${day}, “${latest.meeting.title}”: ${latest.text}`);
};
