/** The official client of the Conversations API: its classes as they are, and one that calls the sandbox. */
import Zendesk from 'sunshine-conversations-client';

/** @param basePath what the client has in the place of https://{subdomain}.zendesk.com/sc */
export function open(basePath, token) {
  const client = new Zendesk.ApiClient();
  client.basePath = basePath;
  client.authentications.bearerAuth.accessToken = token;
  const api = (name) => new Zendesk[name](client);
  return {
    /** Calls a function of a class, with what it takes. Returns the status and the JSON that were answered. */
    async call(className, name, given) {
      const { response } = await api(className)[`${name}WithHttpInfo`](...given);
      return { status: response.status, body: response.body };
    },
  };
}
