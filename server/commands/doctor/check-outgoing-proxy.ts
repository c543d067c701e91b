import { advice, type Finding, ok } from './finding.ts';

const CHECK = 'outgoing proxy';
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Node's fetch goes through a proxy of the environment from 22.21 and 24.0 on, and only when
 * NODE_USE_ENV_PROXY said so before it started (Node, "Command-line API").
 */
export function checkOutgoingProxy(
  environment: Record<string, string | undefined>,
  node: { running: string; usesEnvProxy: boolean },
): Finding[] {
  const variable = VARIABLES.find((name) => environment[name]);
  if (variable === undefined) return [];
  if (!canUseProxy(node.running)) {
    const text = `Node ${node.running} does not use ${variable}: calls to Zendesk go out directly.`;
    return [advice(CHECK, text, 'Run Node 24, or 22.21 and newer, with NODE_USE_ENV_PROXY=1.')];
  }
  if (!node.usesEnvProxy) {
    const text = `${variable} is set, but not used: calls to Zendesk go out directly.`;
    const fix =
      'Set NODE_USE_ENV_PROXY=1 where Node is started (unit, container, shell); .env is too late for it.';
    return [advice(CHECK, text, fix)];
  }
  return [ok(CHECK, `Calls go out through ${variable}.`)];
}

function canUseProxy(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 21);
}
