import type { Draft } from '../records.ts';

/** An app as forms have it: right or wrong, as it was typed. */
export type TypedApp = Omit<Draft, 'personId'> & { removeUrl: string; configurationUrl: string };

/** Field name to the sentence beside it. */
export type Problems = Record<string, string>;

/** One step of the wizard, and one page of Manage app. */
export interface Section {
  /** In addresses, and the name of its view. */
  key: string;
  title: string;
  read(body: unknown): Partial<TypedApp>;
  /** Empty: all is well. */
  findProblems(typed: TypedApp): Problems;
}
