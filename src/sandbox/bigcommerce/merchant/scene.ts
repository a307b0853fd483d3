import type { Happening } from '../../shared/life/life.ts';
import type { Random } from '../../shared/random.ts';
import type { RouteContext } from '../routes/context.ts';

/** What an edit by hand has at hand. It writes through the functions that the API's routes write through. */
export interface MerchantScene {
  context: RouteContext;
  random: Random;
}

export type MerchantHappening = Happening<MerchantScene>;
