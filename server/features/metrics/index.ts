import { Router } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { z } from 'zod';
import { listOf } from '../../config/values.ts';
import type { Core } from '../../core.ts';
import { bindTo } from '../../web/handlers.ts';
import type { Feature, FeatureParts } from '../feature.ts';
import { createCallMetrics } from './calls.ts';
import { countOccurrences } from './occurrences.ts';
import { showMetrics } from './show-metrics.ts';
import { registerStateMetrics } from './state.ts';

/** Comma list, newest first: every one is accepted. */
export const bearerTokens = listOf(
  z
    .string()
    .regex(
      /^[\x21-\x7e]{16,}$/,
      'every token needs 16 characters or more without spaces: `openssl rand -hex 32`',
    ),
);
const Variables = z.object({ METRICS_TOKEN: bearerTokens.default([]) });

/** `GET /metrics`: what Prometheus asks for. */
export const metrics: Feature = {
  name: 'metrics',
  environment: { variables: Variables.shape, secrets: ['METRICS_TOKEN'] },
  open,
};

function open(core: Core): FeatureParts {
  const { config } = core;
  const registry = new Registry();
  registerStateMetrics(registry, core);

  const { METRICS_TOKEN: tokens } = Variables.parse(config.variables);
  const registries = [ofProcess(), registry];
  const to = bindTo({ registries, tokens, publicUrl: config.publicUrl });
  const probes = Router();
  probes.get('/metrics', to(showMetrics));
  return {
    probes,
    observer: { call: createCallMetrics(registry), occur: countOccurrences(registry, core.now) },
  };
}

let watched: Registry | undefined;

/** One, however many apps the process has: prom-client never stops watching what it once began to. */
function ofProcess(): Registry {
  if (watched === undefined) {
    watched = new Registry();
    collectDefaultMetrics({ register: watched });
  }
  return watched;
}
