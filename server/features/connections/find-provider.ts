import { AppError } from '../../errors.ts';
import type { Provider } from './provider.ts';

export type FindProvider = (id: string) => Provider;

/** @throws AppError when the provider's file or its configuration is gone while connections are left. */
export function createFindProvider(providers: readonly Provider[]): FindProvider {
  return (id) => {
    const provider = providers.find((one) => one.id === id);
    if (provider !== undefined) return provider;
    const text = `This app is not set up for ${id} connections.`;
    const hint = 'Configure it, or delete the connection.';
    throw new AppError('provider_not_configured', text, hint, { status: 409 });
  };
}
