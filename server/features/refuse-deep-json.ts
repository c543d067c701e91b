import { isNestedTooDeeply } from '../parse-json.ts';

/** For Express's parser of JSON, as its `verify`. @throws SyntaxError with the status 400. */
export function refuseDeepJson(_request: unknown, _response: unknown, body: Buffer): void {
  if (isNestedTooDeeply(body.toString('utf8')))
    throw Object.assign(new SyntaxError('The JSON is nested too deeply.'), { status: 400 });
}
