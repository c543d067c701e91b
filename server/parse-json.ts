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

/** Counts brackets outside of strings, before anything is built of them, and stops at the first too many. */
export function isNestedTooDeeply(json: string): boolean {
  if (hasFewBrackets(json)) return false;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x22: // "
        isInString = !isInString;
        break;
      case 0x5c: // \: the next one is no quote
        at += 1;
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (!isInString && ++depth > MAX_DEPTH) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (!isInString) depth -= 1;
        break;
    }
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
