import express, { Router } from 'express';
import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import { unregisterClient } from '../../platform/clients.ts';
import type { Platform } from '../../platform/create-platform.ts';
import { clientErrorOf, Refused } from '../../refused.ts';
import { refuseDeepJson } from '../../web/guards.ts';
import type { Problem } from './bot-input.ts';
import {
  listAddresses,
  listBots,
  registerBot,
  toEnvironment,
  toEnvText,
  toHostsLine,
} from './bots.ts';
import type { Place } from './bots.ts';

interface BotRoutesOptions extends Place {
  platform: Platform;
}

/** Registered bots: a page where people add one, and the same for programs that ask for JSON. */
export function createBotRoutes({ platform, ...place }: BotRoutesOptions) {
  const router = Router();
  router.use(express.json({ limit: '100kb', verify: refuseDeepJson }), answerUnreadable());

  const wantsJson = (response: Response) => response.req.accepts(['html', 'json']) === 'json';
  const showAll = () => ({ bots: listBots(platform), addresses: listAddresses(place) });

  function renderPage(response: Response, typed: unknown, problems: Problem[]): void {
    const fields = z.record(z.string(), z.string().catch('')).catch({}).parse(typed);
    const { byName } = place;
    const hosts = byName && toHostsLine(platform, byName);
    response.render('bots/bots', { ...showAll(), byName, hosts, typed: fields, problems });
  }

  router.get('/', (_request, response) => {
    if (wantsJson(response)) response.json(showAll());
    else renderPage(response, {}, []);
  });

  router.post('/', ({ body, query }, response) => {
    const answer = registerBot(platform, body, query['replace'] !== undefined);
    if ('problems' in answer) {
      response.status(answer.status);
      if (wantsJson(response)) response.json({ problems: answer.problems });
      else renderPage(response, body, answer.problems);
      return;
    }
    const { bot } = answer;
    const addresses = listAddresses(place);
    const environment = toEnvironment(place, bot);
    // The secret is in it.
    response.status(201).set('Cache-Control', 'no-store');
    if (wantsJson(response)) response.json({ bot, addresses, environment });
    else
      response.render('bots/registered', { bot, addresses, environment: toEnvText(environment) });
  });

  router.post('/:clientId/unregister', ({ params }, response) => {
    unregisterClient(platform, params.clientId);
    response.redirect(303, '/bots');
  });

  router.delete('/:clientId', ({ params }, response) => {
    try {
      unregisterClient(platform, params.clientId);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const problems = [{ field: 'clientId', problem: `belongs to no bot: ${params.clientId}` }];
      response.status(error.status).json({ problems });
      return;
    }
    response.status(204).end();
  });

  return router;
}

/** What the parser could not read. */
function answerUnreadable(): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = clientErrorOf(error);
    if (status === undefined) next(error);
    else response.status(status).json({ problems: [{ field: 'body', problem: 'has to be JSON' }] });
  };
}
