/** Each export is a word that a customer of the demo may say, with what answers it. */
export { greet as hello, greet as hi, greet as start } from './on-start.ts';
export { showMenu as menu } from './menu.ts';
export { meet } from './meet.ts';
export { readNotes as notes } from './notes.ts';
export { sayAddress as address } from './address.ts';
