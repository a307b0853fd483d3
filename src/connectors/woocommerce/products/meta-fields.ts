import type { Json, MetaField, ReportItem } from '../../../domain/record.ts';

/** Bookkeeping of WordPress and its editors, without meaning elsewhere (fidelity §3, meta policy 2). */
const NOISE = patterns(
  '_edit_* _wp_* _wc_average_rating _wc_review_count _product_version _elementor_* _wpb_* *_transient* _reduced_stock ' +
    '_download_permissions_granted _recorded_* _order_stock_reduced _new_order_email_sent wc_last_active session_tokens ' +
    '*capabilities *user_level closedpostboxes_* meta-box-order_*',
);

/** Never copied, by name alone (meta policy 4). */
const SECRETS = patterns('*token* *secret* *password* _stripe_* *card_number*');

/** Fields of plugins that mean more than a metafield can: the fields are kept, and what they did is reported (rulebook §15). */
const TELLING: readonly (readonly [RegExp, string])[] = [
  [patterns('*_currency_prices _wcml_* _woocs_* _wcpbc_* wc_aelia_*'), 'extra-currency-prices'],
  [patterns('*wholesale*price* *_role_price* _festi* _bulkdiscount* _pricing_rules'), 'role-pricing'],
  [
    patterns('*mailchimp* *klaviyo* *mailpoet* *newsletter* *marketing_consent* *accepts_marketing*'),
    'marketing-consent',
  ],
  [
    patterns(
      '_yoast_wpseo_canonical _yoast_wpseo_meta-robots-* _yoast_wpseo_schema_* rank_math_canonical_url rank_math_robots ' +
        'rank_math_schema_* _seopress_robots_* _aioseo_noindex',
    ),
    'seo-robots-canonical',
  ],
];

/**
 * The shop's own fields, sorted by key. Several rows of one key become one list in the shop's order (fidelity §3);
 * secrets are left out and reported by name only.
 */
export function metaFields(rows: readonly { readonly key: string; readonly value: unknown }[]): {
  readonly meta: MetaField[];
  readonly reports: ReportItem[];
} {
  const byKey = new Map<string, Json[]>();
  const secrets = new Set<string>();
  for (const { key, value } of rows) {
    if (key === '' || NOISE.test(key)) continue;
    if (SECRETS.test(key)) secrets.add(key);
    else byKey.set(key, [...(byKey.get(key) ?? []), value as Json]);
  }
  const meta = [...byKey].map(([key, values]) => ({ key, value: values.length === 1 ? (values[0] ?? null) : values }));
  return {
    meta: meta.sort((a, b) => (a.key < b.key ? -1 : 1)),
    reports: [
      ...[...secrets].map((key) => ({ key: 'secret-meta-skipped', field: `meta_data.${key}` })),
      ...meta.filter(({ value }) => !isBlank(value)).flatMap(({ key }) => toldBy(key)),
    ],
  };
}

function toldBy(field: string): ReportItem[] {
  return TELLING.filter(([pattern]) => pattern.test(field)).map(([, key]) => ({ key, field: `meta_data.${field}` }));
}

function isBlank(value: Json): boolean {
  return (
    value === null || value === '' || value === '0' || value === false || (Array.isArray(value) && value.length === 0)
  );
}

function patterns(globs: string): RegExp {
  const alternatives = globs.split(' ').map((glob) => glob.replaceAll('*', '.*'));
  return new RegExp(`^(${alternatives.join('|')})$`, 'i');
}
