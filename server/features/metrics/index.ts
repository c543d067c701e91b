import { Router } from 'express';
import type { Core } from '../../core.ts';
import type { Feature } from '../feature.ts';
import { createMetrics } from './create-metrics.ts';
import { createShowMetrics } from './show-metrics.ts';

/** `GET /metrics`: what Prometheus asks for. */
export const metrics: Feature = {
  name: 'metrics',
  open(core: Core) {
    const { publicUrl, metricsTokens: tokens } = core.config;
    const measured = createMetrics(core);
    const probes = Router();
    probes.get('/metrics', createShowMetrics({ metrics: measured, tokens, publicUrl }));
    const calls = new Map<string, ReturnType<typeof measured.measureCalls>>();
    return {
      probes,
      observer: {
        call({ service, operation }, send) {
          const measure = calls.get(service) ?? measured.measureCalls(service);
          calls.set(service, measure);
          return measure(operation, send);
        },
        occur: {
          'delivery-answered': ({ status }) => measured.countDelivery(status),
          'events-received': ({ events }) => measured.countReceived(events),
          'attempt-settled': measured.countAttempt,
          'service-known': ({ service }) => measured.expectRefreshes(service),
          'token-refreshed': ({ service, result }) => measured.countRefresh(service, result),
        },
      },
    };
  },
};
