/** Node 26 would read, write and render JSON of any depth. The deepest message there is has ten levels. */
const MAX_DEPTH = 100;

/** For `verify` of Express's parser, before anything is built. @throws SyntaxError with the status 400. */
export function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  let depth = 0;
  for (const [token] of body.toString('utf8').matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH)
      throw Object.assign(new SyntaxError('The JSON is nested too deeply.'), { status: 400 });
  }
}
