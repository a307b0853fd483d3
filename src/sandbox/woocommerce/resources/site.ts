import type { SingleRoute } from '../rest/resource.ts';
import type { Shop } from '../store/shop.ts';
import { nowSeconds } from '../store/shop.ts';

const namespaces = ['oembed/1.0', 'wc/v3', 'wc/v1', 'wc/v2', 'wc/store', 'wc/store/v1', 'wp/v2', 'wp-site-health/v1'];

/** `GET /wp-json/`: names the site and tells the zone in which naive stamps are to be read (source-apis §1.1). */
function siteIndex(shop: Shop): Record<string, unknown> {
  return {
    name: 'Sandbox shop',
    description: '',
    url: shop.baseUrl,
    home: shop.baseUrl,
    gmt_offset: shop.zone.offsetHours(nowSeconds(shop)),
    timezone_string: shop.zone.name,
    page_for_posts: 0,
    page_on_front: 0,
    show_on_front: 'posts',
    namespaces,
    authentication: {
      'application-passwords': {
        endpoints: { authorization: `${shop.baseUrl}/wp-admin/authorize-application.php` },
      },
    },
    routes: {},
    site_logo: 0,
    site_icon: 0,
    site_icon_url: '',
    _links: { help: [{ href: 'https://developer.wordpress.org/rest-api/' }] },
  };
}

/** `routes` is what this sandbox serves, by WordPress's own patterns. */
export function siteRoutes(routes: () => Record<string, readonly string[]>): SingleRoute[] {
  return [
    { method: 'GET', path: '/', open: true, allow: 'GET', handle: ({ shop }) => siteIndex(shop) },
    {
      method: 'GET',
      path: '/wc/v3',
      open: true,
      allow: 'GET',
      handle: ({ shop }) => ({
        namespace: 'wc/v3',
        routes: Object.fromEntries(
          Object.entries(routes()).map(([path, methods]) => [path, { namespace: 'wc/v3', methods }]),
        ),
        _links: { up: [{ href: `${shop.baseUrl}/wp-json/` }] },
      }),
    },
    { method: 'GET', path: '/wc/v3/system_status', allow: 'GET', handle: ({ shop }) => systemStatus(shop) },
  ];
}

function systemStatus(shop: Shop): Record<string, unknown> {
  const general = shop.settings['general'] ?? {};
  return {
    environment: {
      home_url: shop.baseUrl,
      site_url: shop.baseUrl,
      version: '10.5.0',
      wp_version: '6.9.1',
      wp_multisite: false,
      server_info: 'sandbox',
      php_version: '8.2.29',
      default_timezone: 'UTC',
      remote_post_successful: true,
      remote_get_successful: true,
    },
    database: { wc_database_version: '10.5.0', database_prefix: 'wp_' },
    active_plugins: [],
    settings: {
      api_enabled: false,
      force_ssl: false,
      currency: general['woocommerce_currency'],
      currency_symbol: '&#36;',
      currency_position: 'left',
      thousand_separator: ',',
      decimal_separator: '.',
      number_of_decimals: Number(general['woocommerce_price_num_decimals']),
      taxonomies: { external: 'external', grouped: 'grouped', simple: 'simple', variable: 'variable' },
      HPOS_enabled: true,
    },
    security: { secure_connection: shop.baseUrl.startsWith('https:'), hide_errors: true },
    pages: [],
    post_type_counts: [
      { type: 'product', count: String(shop.products.size) },
      { type: 'product_variation', count: String(shop.variations.size) },
    ],
  };
}
