import type { OnMessage } from '../../runtime/types.ts';
import { readDemoSettings } from './settings.ts';

/** Says what the account's admin has set, and is deleted together with the settings feature. */
export const sayAddress: OnMessage = ({ settings, reply }) =>
  reply(`You find us at ${readDemoSettings(settings).address}.`);
