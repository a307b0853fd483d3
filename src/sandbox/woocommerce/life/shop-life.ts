import type { SandboxControls } from '../../shared/controls.ts';
import type { Life } from '../../shared/life/life.ts';
import { createLife } from '../../shared/life/life.ts';
import { RestError } from '../rest/errors.ts';
import type { Resource } from '../rest/resource.ts';
import type { Shop } from '../store/shop.ts';
import { contentEvents } from './events/content.ts';
import { orderEvents } from './events/orders.ts';
import { peopleEvents } from './events/people.ts';
import { productEvents } from './events/products.ts';
import { silentEvents } from './events/silent.ts';
import { termAndCouponEvents } from './events/terms.ts';
import { variationEvents } from './events/variations.ts';
import { shopApi } from './shop-api.ts';

const happenings = [
  ...orderEvents,
  ...productEvents,
  ...variationEvents,
  ...peopleEvents,
  ...contentEvents,
  ...termAndCouponEvents,
  ...silentEvents,
];

/** Buyers, staff and plugins at work in the shop. `resources` are the ones that its routes serve, so that webhooks hear of it. */
export function shopLife(shop: Shop, controls: SandboxControls, resources: readonly Resource[], seed: number): Life {
  const api = shopApi(shop, controls, resources);
  return createLife({
    happenings,
    seed,
    now: () => shop.clock.now(),
    sceneOf: (random) => ({ shop, random, api }),
    refusalOf: (error) => (error instanceof RestError ? error.code : undefined),
  });
}
