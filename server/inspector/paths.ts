/** The addresses of this feature. */
export const paths = {
  list: (installationId: string) => `/installations/${installationId}/events`,
  one: (installationId: string, eventId: string) =>
    `/installations/${installationId}/events/${encodeURIComponent(eventId)}`,
};
