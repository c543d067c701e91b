import type { Bot } from '../../runtime/types.ts';

declare module '../../runtime/types.ts' {
  /** What the admin of an account has set; server/bot/settings.ts says what there is to set. */
  interface Settings {}
  /** The values of settings, by name, for `interface Settings`. */
  type SettingsOf<Fields> = { [Name in keyof Fields]: ValueOf<Fields[Name]> };
  interface Tools {
    /** As they are when the event is handled. */
    settings: Settings;
  }
  interface Bot {
    /** By name, in the order of the form. */
    settings?: SettingsSchema;
  }
}

export type SettingsSchema = Readonly<Record<string, Field>>;

/** Asked for each time: while somebody edits the bot, it is swapped. */
export const schemaOf = ({ settings = {} }: Pick<Bot, 'settings'>): SettingsSchema => settings;

/** One thing that the admin of an account can set, and how the form asks for it. */
export type Field = TextField | NumberField | ChoiceField | SwitchField | SecretField;

interface Asked {
  label: string;
  /** Below the label: what it is for, where to find it. */
  hint?: string;
}

interface TextField extends Asked {
  kind: 'text' | 'longText';
  /** What it is while it is left empty; without one an empty text. */
  default?: string;
  /** Whether it has to be filled in. */
  required?: boolean;
  /** Characters; 200 of a text, 2 000 of a long one. */
  maxLength?: number;
}

interface NumberField extends Asked {
  kind: 'number';
  default?: number;
  required?: boolean;
  min?: number;
  max?: number;
  /** Whether fractions are refused. */
  isWhole?: boolean;
}

interface ChoiceField extends Asked {
  kind: 'choice';
  /** The values, each with the words to choose it by. */
  options: Readonly<Record<string, string>>;
  /** The first one is, if nothing else is said. */
  default?: string;
}

interface SwitchField extends Asked {
  kind: 'switch';
  /** Off, if nothing is said. */
  default?: boolean;
}

/** Stored encrypted, and never shown. */
interface SecretField extends Asked {
  kind: 'secret';
  required?: boolean;
  /** Characters; 500. */
  maxLength?: number;
}

/** A text is always one; what was never entered and has no default is undefined. */
type ValueOf<Of> = Of extends { kind: 'text' | 'longText' }
  ? string
  : Of extends { kind: 'number' }
    ? Of extends { default: number }
      ? number
      : number | undefined
    : Of extends { kind: 'choice'; options: infer Options }
      ? keyof Options & string
      : Of extends { kind: 'switch' }
        ? boolean
        : string | undefined;

/** Of everything but secrets. */
export type Value = string | number | boolean;

export function defaultOf(field: Field): Value | undefined {
  switch (field.kind) {
    case 'text':
    case 'longText':
      return field.default ?? '';
    case 'number':
      return field.default;
    case 'choice':
      return field.default ?? Object.keys(field.options)[0];
    case 'switch':
      return field.default ?? false;
    case 'secret':
      return undefined;
  }
}

export function isRequired(field: Field): boolean {
  return 'required' in field && field.required;
}

const MAX_LENGTH = { text: 200, longText: 2_000, secret: 500 };

/** In characters; 0 of what is no text. */
export function maxLengthOf(field: Field): number {
  switch (field.kind) {
    case 'text':
    case 'longText':
    case 'secret':
      return field.maxLength ?? MAX_LENGTH[field.kind];
    default:
      return 0;
  }
}
