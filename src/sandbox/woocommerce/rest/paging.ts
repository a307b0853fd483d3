import type { Params, ParamSpecs } from './params.ts';
import { whole } from './params.ts';

/** Parameters that every paged list has (source-apis §1.2; bounds as in the recorded route index). */
export const pagingParams: ParamSpecs = {
  context: { type: 'string', default: 'view', enum: ['view', 'edit'] },
  page: { type: 'integer', default: 1, min: 1 },
  per_page: { type: 'integer', default: 10, min: 1, max: 100 },
  search: { type: 'string' },
  exclude: { type: 'idList', default: [] },
  include: { type: 'idList', default: [] },
  offset: { type: 'integer' },
};

export interface Page<T> {
  rows: T[];
  total: number;
  totalPages: number;
  page: number;
}

/** Totals and pages are computed per request: they move under edits (source-apis §0.4, §1.2). */
export function pageOf<T>(rows: readonly T[], params: Params): Page<T> {
  const perPage = whole(params, 'per_page') ?? 10;
  const page = whole(params, 'page') ?? 1;
  const start = whole(params, 'offset') ?? (page - 1) * perPage;
  return {
    rows: rows.slice(start, start + perPage),
    total: rows.length,
    totalPages: Math.ceil(rows.length / perPage),
    page,
  };
}

/**
 * `X-WP-Total`, `X-WP-TotalPages` and, where there are neighbours, a `Link` that replaces the usual one
 * (recordings "list trash" and "page past end": `prev` of a page beyond the end is the last page).
 */
export function pagingHeaders(page: Page<unknown>, listUrl: string, query: Params): Record<string, string> {
  const headers: Record<string, string> = {
    'x-wp-total': String(page.total),
    'x-wp-totalpages': String(page.totalPages),
  };
  const links: string[] = [];
  if (page.page > 1) links.push(`<${pageUrl(listUrl, query, Math.min(page.page - 1, page.totalPages))}>; rel="prev"`);
  if (page.page < page.totalPages) links.push(`<${pageUrl(listUrl, query, page.page + 1)}>; rel="next"`);
  if (links.length > 0) headers['link'] = links.join(', ');
  return headers;
}

function pageUrl(listUrl: string, query: Params, page: number): string {
  const kept: string[] = [];
  for (const [name, value] of Object.entries({ ...query, page })) {
    if (name.startsWith('oauth_') || name === 'rest_route') continue;
    if (Array.isArray(value))
      value.forEach((one, at) => kept.push(`${name}%5B${at}%5D=${encodeURIComponent(String(one))}`));
    else kept.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return `${listUrl}?${kept.join('&')}`;
}
