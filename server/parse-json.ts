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

/** The same limit for Express's parser, as its `verify`. @throws SyntaxError with the status 400. */
export function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (isNestedTooDeeply(body.toString('utf8')))
    throw Object.assign(new SyntaxError('The JSON is nested too deeply.'), { status: 400 });
}

function isNestedTooDeeply(text: string): boolean {
  // Mostly there are fewer brackets than the limit, and counting them costs next to nothing.
  return count(text, '[') + count(text, '{') > MAX_DEPTH && measureDepth(text) > MAX_DEPTH;
}

function count(text: string, bracket: string): number {
  let found = 0;
  for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) found += 1;
  return found;
}

/** Of brackets outside strings, before anything is built of them. */
function measureDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
