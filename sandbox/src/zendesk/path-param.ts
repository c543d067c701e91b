import type { Request } from 'express';

/** A parameter of the route's path; empty when the route has none of that name. */
export function pathParam(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
