import { Router } from 'express';
import type { Platform } from '../platform/create-platform.ts';
import type { Operations } from './create-operations.ts';
import { findConversation, parseBody } from './read-request.ts';
import { controlBody, controlTargetBody } from './request-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

/** Switchboard actions: pass, offer, accept and release control. */
export function createControlRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { state, switchboard } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/passControl',
    operation('PassControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { switchboardIntegration, metadata } = parseBody(controlTargetBody, request.body);
      switchboard.passControl(conversation, switchboardIntegration, { metadata });
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/offerControl',
    operation('OfferControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { switchboardIntegration, metadata } = parseBody(controlTargetBody, request.body);
      switchboard.offerControl(conversation, switchboardIntegration, metadata);
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/acceptControl',
    operation('AcceptControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { metadata } = parseBody(controlBody, request.body);
      switchboard.acceptControl(conversation, caller.installation, metadata);
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/releaseControl',
    operation('ReleaseControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { metadata } = parseBody(controlBody, request.body);
      switchboard.releaseControl(conversation, caller.installation, metadata);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
