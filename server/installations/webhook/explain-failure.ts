import { AppError } from '../../errors.ts';
import { isRetryable, isTokenRejected, RemoteError } from '../../remote-error.ts';

/** What went wrong with the webhook, or another button's call, in words for the owner; undefined when nobody can know. */
export function explainFailure(error: unknown): string | undefined {
  if (error instanceof AppError) return `${error.message} ${error.hint}`;
  if (!(error instanceof RemoteError)) return undefined;
  if (error.operation === 'CreateWebhook' && error.status === 400) {
    return (
      'Zendesk refused to create it, most likely because it cannot reach this app’s address from outside. ' +
      'Open this page’s address in a browser on another network: if it does not load there, set PUBLIC_URL to one that does. Then check the webhook again.'
    );
  }
  if (isRetryable(error)) {
    const whatToDo = /Webhook/.test(error.operation) ? 'Check the webhook again' : 'Try again';
    return `Zendesk did not answer properly. ${whatToDo} in a moment.`;
  }
  if (isTokenRejected(error))
    return 'Zendesk no longer accepts our token. Connect the account again.';
  return `Zendesk refused (${error.message}). Try again; if it goes on, show this to whoever runs this app.`;
}
