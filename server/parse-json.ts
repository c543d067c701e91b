/** Zendesk's deepest messages have about ten levels. Node 26 would read, write and render any number. */
const MAX_DEPTH = 100;

/** Undefined for what is not JSON, and for what is nested more deeply than anybody means to. */
export function parseJson(text: string): unknown {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same limit for Express's parser of JSON, as its `verify`. @throws SyntaxError with the status 400. */
export function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (isNestedTooDeeply(body.toString('utf8')))
    throw Object.assign(new SyntaxError('The JSON is nested too deeply.'), { status: 400 });
}

/** Counts brackets outside of strings, before anything is built of them. */
export function isNestedTooDeeply(json: string): boolean {
  if (hasFewBrackets(json)) return false;
  // First what is escaped, so that every quote that is left begins or ends a string.
  const structure = json.replaceAll(/\\./gs, '').replaceAll(/"[^"]*"?/g, '');
  let depth = 0;
  for (const character of structure) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** Whether there are not even enough to be nested so deeply: to find them is faster than to look at every character. */
function hasFewBrackets(json: string): boolean {
  let count = 0;
  for (const bracket of '[{')
    for (let at = json.indexOf(bracket); at >= 0; at = json.indexOf(bracket, at + 1))
      if (++count > MAX_DEPTH) return false;
  return true;
}
