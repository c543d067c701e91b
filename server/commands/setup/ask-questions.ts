import { findVariableProblem } from '../../config/environment.ts';
import type { Ask } from './create-prompt.ts';
import { isGiven } from './is-given.ts';
import { QUESTIONS, type Question } from './questions.ts';

/** Asks for what is missing and matters; without anybody to ask, takes what would be proposed. */
export async function askQuestions(
  present: Record<string, string>,
  ask: Ask | undefined,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const question of QUESTIONS) {
    const values = { ...present, ...answers };
    if (isGiven(values, question.name) || !question.matters(values)) continue;
    const answer = ask === undefined ? question.fallback : await askUntilValid(question, ask);
    if (answer !== undefined) answers[question.name] = answer;
  }
  return answers;
}

/** Undefined: left open. */
async function askUntilValid(
  { name, text, hint, fallback, secret = false }: Question,
  ask: Ask,
): Promise<string | undefined> {
  const proposal = fallback === undefined ? '' : ` [${fallback}]`;
  let note = hint;
  for (;;) {
    const typed = (await ask(`\n${note}\n${text}${proposal}: `, { hidden: secret })).trim();
    const answer = typed === '' ? fallback : typed;
    if (answer === undefined) return undefined;
    const problem = findVariableProblem(name, answer);
    if (problem === undefined) return answer;
    note = `${name} ${problem}.`;
  }
}
