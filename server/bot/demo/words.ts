/** Each export is a word that a customer of the demo may say, with what answers it. */
export { onStart as hello, onStart as hi, onStart as start } from './on-start.ts';
export { showMenu as menu } from './menu.ts';
export { meet } from './meet.ts';
