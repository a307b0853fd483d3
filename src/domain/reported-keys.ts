/** What a merchant can do about what cannot be carried, by key of the rulebook's REPORTED list (§15). */
const ADVICE: Readonly<Record<string, string>> = {
  'unknown-field': 'a plugin adds this field: decide whether it matters, and add it at the target by hand or by an app',
  'secret-meta-skipped': 'secrets are never copied: enter them again where they are needed',
  'meta-over-limit': 'the target keeps 200 fields of a record: remove what nobody uses at the source',
  'content-image-on-old-host':
    'these pictures disappear with the old server: upload them to the target and correct the texts',
  'image-unreachable': 'the address of the picture gives none: correct it at the source, then retry the record',
  'sales-counter': 'counters start anew; "best-selling" sorts differently for a while',
  'reviews-disabled-flag': 'the target has no such switch for one product: moderate reviews instead',
  'download-files': 'upload the files of downloadable products at the target by hand',
  'variant-tax-class': 'the target taxes a product as a whole: check the prices of these variants',
  'category-display': 'choose how the category shows itself in the theme of the target',
  'brand-hierarchy': 'the target has a flat list of brands',
  'tag-pages': 'texts of tag pages are lost; their addresses lead to a search',
  'attribute-archives': 'pages of attributes are replaced by a search',
  'attribute-term-details': 'texts and swatches of attribute terms are not carried: set swatches up in the options',
  'option-names-told-apart':
    'values of an option that read the same, but for case, are numbered: give each a name of its own',
  'further-images': 'a category or variant has one picture at the target: add the others to the product or the text',
  'asset-files': 'films and documents are not carried: upload them at the target',
  'stock-locations': 'the stock of all locations is added up into one',
  'automatic-promotions': 'discounts that apply without a code are made anew as promotions of the target',
  'shipping-classes': 'set up shipping rates at the target: classes are kept as a field of the product',
  'subscription-contracts': 'running subscriptions need an app at the target; they are not moved',
  'customer-email-missing': 'enter an e-mail address at the source, or leave the account behind',
  'incomplete-address-skipped': 'complete the address at the source, or let the shopper enter it again',
  'guest-without-account':
    'shoppers who never registered have no account at the target either; their orders are those of guests',
  'further-customer-groups':
    'a customer has one group at the target: that of the lowest id; add the others as segments',
  'staff-account-skipped': 'make staff accounts at the target by hand',
  'marketing-consent': 'nobody is subscribed by accident: move consents with your newsletter service',
  'saved-payment-methods': 'shoppers enter their cards again',
  'download-permissions': 'give shoppers their downloads anew',
  'role-pricing': 'set prices of groups up as price lists at the target',
  'draft-orders-skipped': 'carts that never became orders stay behind',
  'order-technical-fields': 'browser and cart identifiers are of no use at the target',
  'pending-refunds': 'these refunds have not moved money yet: settle them at the source before the switch',
  'payment-transactions': 'payments of the past cannot be written: they are kept with the order as text',
  'customer-notes-not-visible': 'shoppers do not see old notes at the target; the staff does',
  'coupon-type-unknown': 'make these coupons at the target by hand, or leave them behind',
  'coupon-used-by': 'who used a coupon before is forgotten: limits per shopper count anew',
  'coupon-details': 'descriptions and fields of coupons stay in the ledger',
  'review-without-product': 'reviews of products that are not carried stay behind',
  'review-extras': 'marks of verified buyers and replies are not carried',
  'post-extras': 'stickiness, formats, templates and passwords of posts have no place at the target',
  'page-extras': 'templates, pictures and passwords of pages have no place at the target',
  'system-page-skipped': 'the target has pages of its own for shop, cart, checkout and account',
  'media-library': 'pictures travel with what shows them only',
  'theme-content': 'menus, widgets and the theme are made anew',
  'tax-rates': 'set tax up at the target',
  'timezone-mismatch': 'set the time zone of the target, if times shall read the same',
  'shipping-setup': 'set shipping zones and methods up at the target',
  'payment-setup': 'set payment methods up at the target',
  'store-settings': 'check address, mails and other settings of the target',
  'extra-currency-prices': 'set prices in other currencies up as price lists',
  'language-unmapped': 'only the default language is carried',
  'redirect-regex': 'rules with patterns cannot be carried: write single redirects',
  'old-slugs-unknown': 'addresses of long ago are not listed by the source: bring a list of them',
  'media-urls': 'addresses of uploaded files end with the old server',
  'query-urls': 'addresses with ?p= cannot be redirected',
  'paged-archives': 'second and further pages of lists are not redirected',
  'seo-robots-canonical': 'set robots and canonical addresses in the theme',
  'seo-variable-unresolved': 'the plugin alone knows this variable: type the text at the target',
  'term-seo': 'texts for search engines of terms are not readable: type them at the target',
};

/** A key that is not in the rulebook's list is a defect of ours; it is shown all the same. */
/** Else the key is one of an adjustment. */
export function isReported(key: string): boolean {
  return key in ADVICE;
}

export function adviceFor(key: string): string {
  return ADVICE[key] ?? 'look at the records';
}
