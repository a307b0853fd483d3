import type { MovedEntity } from '../../domain/record.ts';
import type { Target, TargetEntity } from '../target.ts';
import { type BigCommerceOptions, createBigCommerceApi } from './bigcommerce-api.ts';
import { entityTable } from './entity-table.ts';
import { readStoreProfile } from './store-profile.ts';
import { surveyStore } from './survey.ts';
import { understands } from './mapping/understood.ts';
import { imageLoader } from './writing/image-bytes.ts';

export type { BigCommerceOptions } from './bigcommerce-api.ts';

/** A BigCommerce store as a target. Calls throw `StoreFailure` for what stops more than a record. */
export function createBigCommerceTarget(options: BigCommerceOptions): Target {
  const api = createBigCommerceApi(options);
  const table = entityTable({
    api,
    rules: options.network,
    loadImage: imageLoader(options.network, options.timeoutMs),
  });
  return {
    platform: 'bigcommerce',
    storeRef: api.storeRef,
    entities: Object.keys(table) as MovedEntity[],
    check: (signal) => readStoreProfile(api, signal),
    survey: (signal) => surveyStore(api, table, signal),
    understands,
    entity: <E extends MovedEntity>(entity: E): TargetEntity<E> => {
      const row = table[entity];
      if (row === undefined) throw new TypeError(`BigCommerce takes no ${entity}`);
      return row;
    },
  };
}
