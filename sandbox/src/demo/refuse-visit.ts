import type { Response } from 'express';

interface Refusal {
  status: number;
  /** Seconds. */
  wait?: number;
  title: string;
  /** What is the matter and what to do. */
  problem: string;
}

/** A page that says no, why, and for how long. */
export function refuseVisit(response: Response, { status, wait, title, problem }: Refusal): void {
  if (wait !== undefined) response.set('Retry-After', String(wait));
  response.status(status).render('problem', { title, problem });
}
