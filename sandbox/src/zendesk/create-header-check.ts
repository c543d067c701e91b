import type { IncomingHttpHeaders } from 'node:http';

/** Zendesk's reviewers look for these on every call; a call without them is answered all the same. */
const MARKETPLACE_HEADERS = [
  'X-Zendesk-Marketplace-Name',
  'X-Zendesk-Marketplace-Organization-Id',
  'X-Zendesk-Marketplace-Bot-Id',
];

export interface HeaderReport {
  calls: number;
  /** How many calls lacked a header. */
  lacking: number;
  /** Those calls, by what they were and what they lacked. */
  findings: { operation: string; missing: string[]; calls: number }[];
}

export type HeaderCheck = ReturnType<typeof createHeaderCheck>;

/** Counts, since the start, which calls of an installation lack a marketplace header. */
export function createHeaderCheck() {
  const reports = new Map<string, HeaderReport>();

  return {
    note(installationId: string, operation: string, headers: IncomingHttpHeaders) {
      const report = reports.get(installationId) ?? { calls: 0, lacking: 0, findings: [] };
      reports.set(installationId, report);
      report.calls += 1;
      const missing = MARKETPLACE_HEADERS.filter((name) => !headers[name.toLowerCase()]);
      if (missing.length === 0) return;
      report.lacking += 1;
      const known = report.findings.find(
        (finding) => finding.operation === operation && finding.missing.join() === missing.join(),
      );
      if (known) known.calls += 1;
      else report.findings.push({ operation, missing, calls: 1 });
    },
    report: (installationId: string): HeaderReport =>
      reports.get(installationId) ?? { calls: 0, lacking: 0, findings: [] },
  };
}
