/** Lists are joined by commas; absent values are left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

/** JSON, unless it is bytes or a form already. */
export type RequestBody = object | readonly unknown[] | Buffer | FormData;

/**
 * The address of a request. Blanks become `%20`, never `+`: OAuth signs the decoded form, and a plus is decoded by some
 * and not by others.
 */
export function requestUrl(baseUrl: string, path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter((pair): pair is [string, Exclude<Query[string], undefined>] => pair[1] !== undefined)
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name)}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value))}`,
    );
  const address = `${baseUrl.replace(/\/+$/, '')}${path}`;
  if (pairs.length === 0) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

export function encodeBody(body: RequestBody | undefined): {
  body: string | Buffer | FormData | undefined;
  contentType: string | null;
} {
  // The boundary of a form is known to the one who sends it.
  if (body === undefined || body instanceof FormData) return { body, contentType: null };
  if (Buffer.isBuffer(body)) return { body, contentType: 'application/octet-stream' };
  return { body: JSON.stringify(body), contentType: 'application/json' };
}
