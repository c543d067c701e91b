import { stableId } from '../../state/values.ts';
import { FIRST_ACCOUNT_ID } from './zocks-state.ts';

interface Contact {
  id: string;
  name: string;
  email: string;
  household: string;
}

interface Meeting {
  title: string;
  /** ISO 8601. */
  heldAt: string;
  contact: Contact;
  said: string;
  note: string;
  task: string;
}

const jane = predefineContact('Jane Doe', 'jane@example.com', 'Doe');
const sam = predefineContact('Sam Lee', 'sam@example.com', 'Lee');

/** What one account's meetings left behind, newest first. The other accounts have had none. */
const meetings: readonly Meeting[] = [
  {
    title: 'Retirement review',
    heldAt: '2026-03-12T09:00:00Z',
    contact: jane,
    said: 'I would like to stop working at sixty.',
    note: 'Jane wants to retire at 60. We raise the monthly savings to 500 from April.',
    task: 'Send Jane the new savings plan.',
  },
  {
    title: 'House purchase',
    heldAt: '2026-02-03T14:30:00Z',
    contact: jane,
    said: 'The house has a garden, and a roof that leaks.',
    note: 'Jane buys the house on Hill Road; the mortgage is fixed for ten years.',
    task: 'Ask the bank for the mortgage papers.',
  },
  {
    title: 'First meeting',
    heldAt: '2026-01-20T10:00:00Z',
    contact: sam,
    said: 'My daughter goes to university in five years.',
    note: 'Sam saves for his daughter’s university, which starts in five years.',
    task: 'Compare two savings accounts for Sam.',
  },
];

/** Each kind of data that apps can read, and the scope that guards it. */
export const collections = [
  { name: 'contacts', operation: 'ZocksListContacts', scope: 'contacts.read' },
  { name: 'households', operation: 'ZocksListHouseholds', scope: 'households.read' },
  { name: 'meetings', operation: 'ZocksListMeetings', scope: 'meetings.read' },
  { name: 'transcripts', operation: 'ZocksListTranscripts', scope: 'transcripts.read' },
  { name: 'notes', operation: 'ZocksListNotes', scope: 'notes.read' },
  { name: 'tasks', operation: 'ZocksListTasks', scope: 'tasks.read' },
] as const;

type Collection = (typeof collections)[number]['name'];

/** As the API shows them, newest first. `contactEmail`: only what has to do with this contact. */
export function listRecords(
  collection: Collection,
  { accountId, contactEmail }: { accountId: string; contactEmail?: string | undefined },
): object[] {
  const wanted = contactEmail?.toLowerCase();
  const own = accountId === FIRST_ACCOUNT_ID ? meetings : [];
  const held = own.filter(({ contact }) => wanted === undefined || contact.email === wanted);
  const met = [...new Set(held.map(({ contact }) => contact))];
  if (collection === 'contacts') return met.map(showContact);
  if (collection === 'households') return met.map(showHousehold);
  return held.map((meeting) => showMeeting(collection, meeting));
}

/** For the sandbox's pages: whom there are notes about. */
export const listContacts = (): readonly { name: string; email: string }[] => [jane, sam];

function showMeeting(
  collection: Exclude<Collection, 'contacts' | 'households'>,
  { title, heldAt, contact, said, note, task }: Meeting,
) {
  const meeting = { id: stableId(`zocks:meeting:${heldAt}`), title, held_at: heldAt };
  const of = { id: stableId(`zocks:${collection}:${heldAt}`), meeting };
  switch (collection) {
    case 'meetings':
      return { ...meeting, contact: showContact(contact) };
    case 'transcripts':
      return { ...of, lines: [{ speaker: contact.name, text: said }] };
    case 'notes':
      return { ...of, text: note, contact: showContact(contact) };
    case 'tasks':
      return { ...of, text: task, done: false };
  }
}

function showContact({ id, name, email }: Contact) {
  return { id, name, email };
}

function showHousehold(contact: Contact) {
  const { household: name } = contact;
  return { id: stableId(`zocks:household:${name}`), name, contacts: [showContact(contact)] };
}

function predefineContact(name: string, email: string, household: string): Contact {
  return { id: stableId(`zocks:contact:${email}`), name, email, household };
}
