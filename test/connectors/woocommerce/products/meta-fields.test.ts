import { describe, expect, it } from 'vitest';
import { metaFields } from '../../../../src/connectors/woocommerce/products/meta-fields.ts';

const reported = (key: string, value: unknown = 'x') => metaFields([{ key, value }]).reports.map((item) => item.key);

describe('fields of plugins', () => {
  it.each([
    ['_regular_currency_prices', 'extra-currency-prices'],
    ['_wcml_custom_prices_status', 'extra-currency-prices'],
    ['wholesale_customer_wholesale_price', 'role-pricing'],
    ['mailchimp_woocommerce_is_subscribed', 'marketing-consent'],
    ['_yoast_wpseo_meta-robots-noindex', 'seo-robots-canonical'],
    ['rank_math_canonical_url', 'seo-robots-canonical'],
    ['_stripe_source_id', 'secret-meta-skipped'],
  ])('that mean more than a field can hold are reported: %s', (key, expected) => {
    expect(reported(key)).toEqual([expected]);
  });

  it.each([
    ['_yoast_wpseo_title', 'x'],
    ['mailchimp_woocommerce_is_subscribed', '0'],
    ['_yoast_wpseo_canonical', ''],
    ['rank_math_robots', []],
    ['_edit_lock', '1'],
  ])('that say nothing more are not: %s', (key, value) => {
    expect(reported(key, value)).toEqual([]);
  });

  it('are kept all the same, secrets and noise excepted, rows of one key as one list', () => {
    const rows = [
      { key: 'b', value: '1' },
      { key: '_yoast_wpseo_canonical', value: 'https://elsewhere.example.test/' },
      { key: 'b', value: '2' },
      { key: 'api_token', value: 'hush' },
      { key: '_wp_old_slug', value: 'x' },
    ];
    const { meta, reports } = metaFields(rows);
    expect(meta).toEqual([
      { key: '_yoast_wpseo_canonical', value: 'https://elsewhere.example.test/' },
      { key: 'b', value: ['1', '2'] },
    ]);
    expect(JSON.stringify(reports)).not.toContain('hush');
  });
});
