import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A place in the project: `file` below its folder, with slashes; line and column from 1. */
export interface Frame {
  file: string;
  line: number;
  column: number;
}

/**
 * `at name (file:line:column)` of V8, where the file may be an address with a query. It begins in one
 * place of a line or behind a bracket: the message is in a stack as well, and may be a whole page.
 */
const PLACE = /(?:^at (?:async )?|\()([^\s()]+):(\d+):(\d+)\)?$/;
const BOT = /^(?:dist\/)?server\/bot\//;

/**
 * Where an error was thrown, as whoever wrote the bot looks for it: the first place in server/bot/, else the
 * first one in the project. Undefined for an error without either, such as one of the network.
 */
export function findOwnFrame(error: unknown, root: string): Frame | undefined {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const frames = lines.flatMap((line) => readFrame(line, root) ?? []);
  return frames.find(({ file }) => BOT.test(file)) ?? frames[0];
}

export const spellFrame = ({ file, line, column }: Frame): string => `${file}:${line}:${column}`;

function readFrame(text: string, root: string): Frame | undefined {
  const [, place = '', line, column] = PLACE.exec(text.trim()) ?? [];
  if (!place.startsWith('file:') && !place.startsWith('/') && !/^[A-Za-z]:\\/.test(place))
    return undefined;
  const path = place.startsWith('file:') ? toPath(place.replace(/[?#].*$/, '')) : place;
  if (path === undefined) return undefined;
  const file = relative(root, path).replaceAll('\\', '/');
  if (file.startsWith('..') || file.includes('node_modules/')) return undefined;
  return { file, line: Number(line), column: Number(column) };
}

/** Undefined for what is none, as a message may name it: on another host, for one. */
function toPath(address: string): string | undefined {
  try {
    return fileURLToPath(address);
  } catch {
    return undefined;
  }
}
