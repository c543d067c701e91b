import { features } from '../../../../server/features.ts';
import { createPlay } from '../../../../server/features/play/index.ts';
import { startShop, type Shop, type ShopOptions } from '../../../support/start-shop.ts';

/** The app with a play of its own, which knows the sandbox as `npm start` makes it known. */
export function startPlay(options: ShopOptions = {}): Promise<Shop> {
  const play = createPlay();
  return startShop({
    ...options,
    features: features.map((one) => (one.name === 'play' ? play : one)),
    onSandbox: (sandbox) => void play.sandbox?.(sandbox, ''),
  });
}
