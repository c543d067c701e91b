/** The addresses of this feature; every link and redirect is built here. */
export const paths = {
  list: (installationId: string) => `/installations/${installationId}/connections`,
  one: (installationId: string, id: string) => `/installations/${installationId}/connections/${id}`,
  /** Where a form leads that ends at the provider. */
  authorize: (installationId: string, id: string) =>
    `/installations/${installationId}/connections/${id}/authorize`,
  clients: (installationId: string) => `/installations/${installationId}/oauth-clients`,
  client: (installationId: string, id: string) =>
    `/installations/${installationId}/oauth-clients/${id}`,
  /** The redirect URI of a provider, without the origin. */
  callback: (providerId: string) => `/connections/callback/${providerId}`,
};

/** The inverse of `paths.one`. */
export function readConnectionPath(path: string | null) {
  const match = /^\/installations\/([^/]+)\/connections\/([^/]+)$/.exec(path ?? '');
  const [, installationId, connectionId] = match ?? [];
  if (installationId === undefined || connectionId === undefined) return undefined;
  return { installationId, connectionId };
}
