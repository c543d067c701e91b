import type { Request, RequestHandler } from 'express';
import { createOperationRunner } from '../../operations/create-operation-runner.ts';
import type { Answer } from '../../operations/create-operation-runner.ts';
import { authenticateCaller } from './authenticate-caller.ts';
import type { ZoomCaller } from './authenticate-caller.ts';
import type { Zoom, ZoomOperation } from './create-zoom.ts';
import { rateLimitHeaders, showApiRefusal } from './rate-limits.ts';
import type { RateCategory } from './rate-limits.ts';
import { showApiError, showTokenError, showTokenRefusal } from './zoom-errors.ts';

export type ZoomOperations = ReturnType<typeof createZoomOperations>;

export function createZoomOperations(zoom: Zoom) {
  const { faults, calls } = zoom;
  const runApi = createOperationRunner<ZoomOperation>({
    faults,
    calls,
    showError: showApiError,
    showRefusal: showApiRefusal,
  });

  return {
    /** A call of the token or the revoke endpoint. */
    oauthOperation: createOperationRunner<ZoomOperation>({
      faults,
      calls,
      showError: showTokenError,
      showRefusal: showTokenRefusal,
    }),

    /** A call of the API, made with an access token. */
    apiOperation: (
      name: ZoomOperation,
      category: RateCategory,
      work: (caller: ZoomCaller, request: Request) => Answer,
    ): RequestHandler[] => [
      (_request, response, next) => {
        response.set(rateLimitHeaders(category));
        next();
      },
      runApi(name, (request) => work(authenticateCaller(zoom, request), request)),
    ],
  };
}
