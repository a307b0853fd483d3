import { z } from 'zod';

/** Well-known credentials of an embedded sandbox. They open nothing but an imitation store on loopback. */
export const bigCommerceCredentials = { storeHash: 'sandbox', accessToken: 'sandbox-access-token' };

const count = z.coerce.number().int().nonnegative();

/** Facts that no document settles are switches here (bigcommerce-api, [U] and [K]). */
const switches = z
  .object({
    /** Empty V2 lists (§1.1). */
    emptyListStatus: z.union([z.literal(200), z.literal(204)]).default(204),
    /** A sibling category of the same name (§3.1). */
    categoryDuplicateStatus: z.union([z.literal(409), z.literal(422)]).default(422),
    /** Whether the items before a refused one of a batch of customers are saved (§4.1). */
    customerBatchPartly: z.boolean().default(false),
    /** An order that was made (§5.1). */
    orderCreateStatus: z.union([z.literal(200), z.literal(201)]).default(201),
    /** Whether lists show archived orders unasked (§5.1). */
    archivedOrdersListed: z.boolean().default(false),
    /** What a PUT of `is_deleted: false` does to an archived order (§5.1). */
    archivedOrderRestore: z.enum(['done', 'ignored', 'refused']).default('done'),
    /** Whether an order that comes by the API takes from the stock of its products (§5.1). */
    ordersMoveStock: z.boolean().default(false),
    /** More than 250 asked for in a list (§1.2). */
    overLimitStatus: z.union([z.literal(413), z.literal(422)]).default(422),
  })
  .prefault({});

export const bigCommerceOptions = z.object({
  port: count.default(0),
  host: z.string().default('127.0.0.1'),
  seed: count.optional(),
  storeHash: z.string().default(bigCommerceCredentials.storeHash),
  accessToken: z.string().default(bigCommerceCredentials.accessToken),
  /** OAuth scopes of the token; default: all (§1). */
  scopes: z.array(z.string()).optional(),
  /** Requests per window; 0: no rate headers at all (§1.4 "Unlimited"). */
  quota: count.default(0),
  windowMs: count.default(30_000),
  /** Edits per second by the merchant's own hand, from the start on. Default 0: only what is asked for. */
  merchant: z.coerce.number().min(0).max(1_000).default(0),
  latencyMs: count.optional(),
  listLagMs: count.optional(),
  lateCommitLimitMs: count.optional(),
  /** Absolute levels take effect this long after the reply (§7). */
  inventoryDelayMs: count.default(50),
  /** Whether image addresses are really fetched: 400 when that fails or gives no image (§3.5). */
  fetchImages: z.coerce.boolean().default(true),
  currency: z.string().default('USD'),
  /** Currencies that are switched on, the store's own among them. */
  currencies: z.array(z.string()).default(['USD', 'EUR', 'GBP', 'JPY', 'KWD']),
  priceIncludesTax: z.boolean().default(false),
  switches,
});
export type BigCommerceOptions = z.output<typeof bigCommerceOptions>;
export type BigCommerceSandboxOptions = z.input<typeof bigCommerceOptions>;
