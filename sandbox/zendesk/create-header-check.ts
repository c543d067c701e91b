import type { IncomingHttpHeaders } from 'node:http';
import type { OperationName } from '../faults/fault.ts';

/** Zendesk's reviewers look for these on every call; a call without them is answered all the same. */
const MARKETPLACE_HEADERS = [
  'X-Zendesk-Marketplace-Name',
  'X-Zendesk-Marketplace-Organization-Id',
  'X-Zendesk-Marketplace-Bot-Id',
];

const KEPT_FINDINGS = 20;

export interface HeaderFinding {
  operation: OperationName;
  missing: string[];
  at: string;
}

export interface HeaderReport {
  calls: number;
  lacking: number;
  /** The newest calls that lacked a header, newest first. */
  findings: HeaderFinding[];
}

export type HeaderCheck = ReturnType<typeof createHeaderCheck>;

/** Counts, since the start, which calls of an installation lack a marketplace header. */
export function createHeaderCheck() {
  const reports = new Map<string, HeaderReport>();

  return {
    note(installationId: string, operation: OperationName, headers: IncomingHttpHeaders) {
      const report = reports.get(installationId) ?? { calls: 0, lacking: 0, findings: [] };
      reports.set(installationId, report);
      report.calls += 1;
      const missing = MARKETPLACE_HEADERS.filter((name) => !headers[name.toLowerCase()]);
      if (missing.length === 0) return;
      report.lacking += 1;
      report.findings.unshift({ operation, missing, at: new Date().toISOString() });
      report.findings.length = Math.min(report.findings.length, KEPT_FINDINGS);
    },
    report: (installationId: string): HeaderReport =>
      reports.get(installationId) ?? { calls: 0, lacking: 0, findings: [] },
  };
}
