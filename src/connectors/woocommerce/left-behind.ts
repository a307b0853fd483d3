import { z } from 'zod';
import { type StoreReport, tallyOf } from '../../domain/assessment.ts';
import { StoreFailure } from '../http/failures.ts';
import { flag, id, text } from './wire/fields.ts';
import { rowId } from './wire/read-row.ts';
import type { ContentApi, WooApi } from './woo-api.ts';

const SAMPLES = 5;
/** Gateways that keep no card of anybody. */
const OFFLINE = new Set(['bacs', 'cheque', 'cod']);

const attributeSchema = z.looseObject({ id, slug: text.catch(''), has_archives: flag.catch(false) });
/** The zone of everybody else has the id 0. */
const zoneSchema = z.looseObject({ id: text });
const gatewaySchema = z.looseObject({ id: text, enabled: flag.catch(false) });
const indexSchema = z.looseObject({ namespaces: z.array(z.string()).catch([]) });

/** Plugins by the namespaces that they add to the index, and what of theirs stays behind. */
const PLUGINS: readonly (readonly [RegExp, string])[] = [
  [/^redirection\/|^rankmath\//, 'redirect-regex'],
  [/^(yoast|rankmath|seopress|aioseo)\//, 'term-seo'],
  [/^(wpml|pll)\//, 'language-unmapped'],
];

/** True of every shop of this platform, whatever is in it (rulebook §12). */
const ALWAYS = ['old-slugs-unknown', 'query-urls', 'paged-archives', 'store-settings', 'theme-content'] as const;

/**
 * What the shop as a whole has and no record carries: set-up, media, pages of lists (rulebook §5, §10–§12), once with its count. A
 * part that cannot be read is named all the same.
 */
export async function leftBehind(api: WooApi, signal: AbortSignal): Promise<readonly StoreReport[]> {
  const looks = await Promise.all([
    tally('tax-rates', () => sampleOf(api, '/taxes', signal)),
    tally('tag-pages', () => sampleOf(api, '/products/tags', signal)),
    tally('shipping-classes', () => sampleOf(api, '/products/shipping_classes', signal)),
    tally('shipping-setup', () => wholeList(api, '/shipping/zones', signal)),
    unlessUnreadable(
      () => ofAttributes(api, signal),
      () => [],
    ),
    ofGateways(api, signal),
    unlessUnreadable(
      () => ofPlugins(api, signal),
      () => [],
    ),
    tally('media-library', () => sampleOf(api.content, '/media', signal)),
  ]);
  const reports = looks.flat();
  const media = reports.filter(({ key }) => key === 'media-library').map((one) => ({ ...one, key: 'media-urls' }));
  reports.push(...media, ...ALWAYS.map((key) => ({ key, count: 1, samples: [] })));
  return reports.filter(({ count }) => count > 0);
}

async function tally(key: string, look: () => Promise<Omit<StoreReport, 'key'>>): Promise<StoreReport> {
  return {
    key,
    ...(await unlessUnreadable(look, () => ({ count: 1, samples: ['not readable with these credentials'] }))),
  };
}

async function unlessUnreadable<T>(look: () => Promise<T>, otherwise: () => T): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof StoreFailure) || !UNREADABLE.has(error.kind)) throw error;
    return otherwise();
  }
}
const UNREADABLE: ReadonlySet<string> = new Set([
  'permission-missing',
  'credentials-rejected',
  'missing',
  'unintelligible',
]);

/** The list's own total and its first ids. */
async function sampleOf(from: ContentApi, path: string, signal: AbortSignal) {
  const query = { per_page: SAMPLES, _fields: ['id'] };
  const { rows, total } = await from.list({ path, route: path.slice(1), query, signal });
  return { count: total ?? rows.length, samples: rows.map(rowId) };
}

/** A list that the platform gives without pages. */
async function wholeList(api: WooApi, path: string, signal: AbortSignal) {
  const { rows } = await api.list({ path, route: path.slice(1), query: {}, signal });
  return tallyOf(rows.map((row) => zoneSchema.parse(row).id));
}

/** Terms have texts and colours of their own that no product carries. */
async function ofAttributes(api: WooApi, signal: AbortSignal): Promise<StoreReport[]> {
  const { rows } = await api.list({ path: '/products/attributes', route: 'products/attributes', query: {}, signal });
  const attributes = rows.map((row) => attributeSchema.parse(row));
  const counts = await Promise.all(
    attributes.map(({ id: attribute }) => {
      const path = `/products/attributes/${attribute}/terms`;
      return api.count({ path, route: 'products/attributes/:id/terms', signal });
    }),
  );
  const terms = counts.reduce((sum, count) => sum + count, 0);
  const archives = attributes.filter(({ has_archives: has }) => has).map(({ slug }) => slug);
  return [
    { key: 'attribute-archives', ...tallyOf(archives) },
    { key: 'attribute-term-details', count: terms, samples: tallyOf(attributes.map(({ slug }) => slug)).samples },
  ];
}

async function ofGateways(api: WooApi, signal: AbortSignal): Promise<StoreReport[]> {
  let online: readonly string[] = [];
  const setUp = await tally('payment-setup', async () => {
    const path = '/payment_gateways';
    const { rows } = await api.list({ path, route: path.slice(1), query: { _fields: ['id', 'enabled'] }, signal });
    const enabled = rows.map((row) => gatewaySchema.parse(row)).filter((gateway) => gateway.enabled);
    online = enabled.map((gateway) => gateway.id).filter((gateway) => !OFFLINE.has(gateway));
    return tallyOf(enabled.map((gateway) => gateway.id));
  });
  return [setUp, { key: 'saved-payment-methods', ...tallyOf(online) }];
}

async function ofPlugins(api: WooApi, signal: AbortSignal): Promise<StoreReport[]> {
  const { namespaces } = indexSchema.parse((await api.index(signal)).data);
  return PLUGINS.map(([pattern, key]) => ({ key, ...tallyOf(namespaces.filter((name) => pattern.test(name))) }));
}
