import { Router } from 'express';
import type { Platform } from '../../platform/create-platform.ts';
import {
  acceptControl,
  offerControl,
  passControl,
  releaseControl,
} from '../../platform/conversations/switchboard.ts';
import type { Operations } from '../create-operations.ts';
import { findConversation, parseBody } from '../read-request.ts';
import { acceptBody, controlTargetBody, releaseBody } from '../bodies/conversation-bodies.ts';

interface RoutesOptions {
  platform: Platform;
  operations: Operations;
}

/** Switchboard actions: pass, offer, accept and release control. */
export function createControlRoutes({ platform, operations: { operation } }: RoutesOptions) {
  const { state } = platform;
  const router = Router({ mergeParams: true });

  router.post(
    '/passControl',
    operation('PassControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { switchboardIntegration, metadata } = parseBody(controlTargetBody, request.body);
      passControl(platform, conversation, switchboardIntegration, { metadata });
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/offerControl',
    operation('OfferControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { switchboardIntegration, metadata } = parseBody(controlTargetBody, request.body);
      offerControl(platform, conversation, switchboardIntegration, metadata);
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/acceptControl',
    operation('AcceptControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { metadata } = parseBody(acceptBody, request.body);
      const { installation } = caller;
      acceptControl(platform, conversation, installation.switchboardIntegrationId, metadata);
      return { status: 200, body: {} };
    }),
  );

  router.post(
    '/releaseControl',
    operation('ReleaseControl', (caller, request) => {
      const conversation = findConversation(state, caller, request);
      const { metadata } = parseBody(releaseBody, request.body);
      releaseControl(platform, conversation, caller.installation, metadata);
      return { status: 200, body: {} };
    }),
  );

  return router;
}
