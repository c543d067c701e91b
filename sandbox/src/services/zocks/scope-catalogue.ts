export interface Scope {
  name: string;
  /** For the person who is asked to allow it. */
  sentence: string;
}

/** By the kind of data they open. Zocks publishes no names of scopes: these are made up. */
export const scopeGroups: { kind: string; scopes: Scope[] }[] = [
  {
    kind: 'Profile',
    scopes: [{ name: 'profile', sentence: 'See your name, e-mail address and account.' }],
  },
  {
    kind: 'Meetings',
    scopes: [
      { name: 'meetings.read', sentence: 'See your meetings: when they are and who takes part.' },
      { name: 'meetings.write', sentence: 'Plan, move and cancel meetings for you.' },
    ],
  },
  {
    kind: 'Transcripts and notes',
    scopes: [
      { name: 'transcripts.read', sentence: 'Read every word said in your meetings.' },
      { name: 'notes.read', sentence: 'Read the summaries and notes of your meetings.' },
      { name: 'notes.write', sentence: 'Add and change notes of your meetings.' },
    ],
  },
  {
    kind: 'Contacts and households',
    scopes: [
      { name: 'contacts.read', sentence: 'See your contacts.' },
      { name: 'contacts.write', sentence: 'Add and change your contacts.' },
      { name: 'households.read', sentence: 'See which of your contacts belong to one household.' },
    ],
  },
  {
    kind: 'Tasks',
    scopes: [
      { name: 'tasks.read', sentence: 'See your tasks.' },
      { name: 'tasks.write', sentence: 'Add tasks for you and mark them as done.' },
    ],
  },
];

const known = scopeGroups.flatMap(({ scopes }) => scopes);

export const scopeNames = known.map(({ name }) => name);

/** What a new app starts with. */
export const LEAST_SCOPES = ['profile'];

/** A program may register an app with scopes the picker does not have: those speak for themselves. */
export function describeScope(name: string): Scope {
  return known.find((scope) => scope.name === name) ?? { name, sentence: '' };
}
