/**
 * The path of an address, percent-encoded as given, with one slash at each end; null for an address that names the
 * record in its query instead (`/?p=12`, fidelity T22) or cannot be read.
 */
export function pathOf(address: string): string | null {
  if (!URL.canParse(address, 'http://shop.invalid')) return null;
  const url = new URL(address, 'http://shop.invalid');
  const named = [...url.searchParams.keys()].some((name) =>
    /^(p|page_id|post_type|product|product_cat|product_brand)$/.test(name),
  );
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  return named || segments.length === 0 ? null : `/${segments.join('/')}/`;
}
