import { parse } from 'node-html-parser';

/** What the form shows in a field. */
export function valueIn(text: string, name: string): string | undefined {
  const field = parse(text).querySelector(`#field-${name}`);
  if (field?.tagName === 'TEXTAREA') return field.textContent.replace(/^\n/, '');
  if (field?.tagName === 'SELECT')
    return field.querySelector('option[selected]')?.getAttribute('value');
  if (field?.getAttribute('type') === 'checkbox') return String(field.hasAttribute('checked'));
  return field?.getAttribute('value');
}

/** What it says about a field. */
export const errorOf = (text: string, name: string) =>
  parse(text).querySelector(`#field-${name}-error`)?.textContent.trim();
