/** The addresses of this feature, and where it is reached from. */
export const paths = {
  status: (installationId: string) => `/installations/${installationId}`,
  list: (installationId: string) => `/installations/${installationId}/events`,
  one: (installationId: string, eventId: string) =>
    `/installations/${installationId}/events/${encodeURIComponent(eventId)}`,
};
