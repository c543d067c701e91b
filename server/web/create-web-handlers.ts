import type { RequestHandler } from 'express';
import type { ShopkeeperConfig } from '../config/load-config.ts';
import type { Metrics } from '../features/metrics/create-metrics.ts';
import type { Log } from '../log.ts';
import type { Database } from '../store/engines/database.ts';
import type { SessionStore } from '../store/tables/session-store.ts';
import { createDiagnosis } from './diagnosis.ts';
import { createErrorPage } from './error-page.ts';
import { createReadyz } from './health.ts';
import { createRequestLog } from './log-requests.ts';
import { createNoticeOrigin } from './notice-origin.ts';
import { createRefuseForeignHosts } from './refuse-foreign-hosts.ts';
import { createPageLocals } from './page-locals.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { createSessions } from './sessions.ts';
import { createShowMetrics } from '../features/metrics/show-metrics.ts';

/** What every page stands on, and the addresses for whoever runs the app. */
export function createWebHandlers(options: {
  config: ShopkeeperConfig;
  sandboxUrl: string | null;
  isPublicDemo: boolean;
  sessionSecrets: string[];
  sessionStore: SessionStore;
  database: Database;
  isReady: () => boolean;
  metrics: Metrics;
  log: Log;
  now: () => number;
}) {
  const {
    sandboxUrl,
    isPublicDemo,
    sessionSecrets: secrets,
    database,
    metrics,
    log,
    now,
  } = options;
  const { publicUrl, metricsTokens } = options.config;
  return {
    securityHeaders: createSecurityHeaders(publicUrl),
    requestLog: createRequestLog(log),
    sessions: createSessions({ store: options.sessionStore, secrets, publicUrl, now }),
    pageLocals: createPageLocals({ publicUrl, sandboxUrl, isPublicDemo }),
    readyz: createReadyz({ database, isOpen: options.isReady, now, log }),
    showMetrics: createShowMetrics({ metrics, tokens: metricsTokens, publicUrl }),
    refuseForeignHosts:
      sandboxUrl === null || isPublicDemo
        ? passOn
        : createRefuseForeignHosts([publicUrl, sandboxUrl]),
    diagnose: createDiagnosis({ secrets, publicUrl, now }),
    noticeOrigin: createNoticeOrigin({ publicUrl, log }),
    errorPage: createErrorPage(log),
  };
}

const passOn: RequestHandler = (_request, _response, next) => next();
