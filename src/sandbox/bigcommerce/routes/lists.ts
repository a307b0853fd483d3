import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

export type Query = Record<string, string | undefined>;

export function queryOf(request: FastifyRequest): Query {
  return request.query as Query;
}
export function numbers(value: string | undefined): number[] {
  return (value ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map(Number);
}
export function words(value: string | undefined): string[] {
  return (value ?? '').split(',').filter((part) => part !== '');
}

const DEFAULT_LIMIT = 50;
const MOST = 250;

/** A page of a V3 list with its envelope (bigcommerce-api §1.1, §1.2). `cap`: some includes allow fewer a page. */
export function page<T>(rows: readonly T[], query: Query, overLimitStatus: number, cap = MOST) {
  const asked = Number(query['limit'] ?? DEFAULT_LIMIT);
  if (asked > MOST) throw new ApiError(overLimitStatus, `The limit may be ${MOST} at most.`);
  const limit = Math.min(asked, cap);
  const current = Math.max(1, Number(query['page'] ?? 1));
  const pages = Math.max(1, Math.ceil(rows.length / limit));
  const data = rows.slice((current - 1) * limit, current * limit);
  const link = (at: number) => `?page=${at}&limit=${limit}`;
  return {
    data,
    meta: {
      pagination: {
        total: rows.length,
        count: data.length,
        per_page: limit,
        current_page: current,
        total_pages: pages,
        links: {
          ...(current > 1 ? { previous: link(current - 1) } : {}),
          current: link(current),
          ...(current < pages ? { next: link(current + 1) } : {}),
        },
      },
    },
  };
}

/** A page of a cursor list: `after` is the place behind the last row that was given (§1.1). */
export function cursorPage<T>(rows: readonly T[], query: Query, overLimitStatus: number) {
  const first = page(rows, query, overLimitStatus);
  const limit = first.meta.pagination.per_page;
  const start =
    query['after'] === undefined ? (first.meta.pagination.current_page - 1) * limit : Number(atob(query['after']));
  const data = rows.slice(start, start + limit);
  const cursor = {
    count: data.length,
    per_page: limit,
    start_cursor: btoa(String(start)),
    end_cursor: btoa(String(start + data.length)),
    links:
      start + data.length < rows.length ? { next: `?after=${btoa(String(start + data.length))}&limit=${limit}` } : {},
  };
  return { data, meta: { ...first.meta, cursor_pagination: cursor } };
}

/** `date_modified:min` without a time gets the present time of day, as the real store adds it (§1.2, the trap). */
export function since(value: string, now: number): string {
  const text = value.includes('T') ? value : `${value}T${new Date(now).toISOString().slice(11, 19)}Z`;
  return `${new Date(text).toISOString().slice(0, 19)}Z`;
}

export function bodyList(request: FastifyRequest, most: number): Record<string, unknown>[] {
  const body = request.body;
  if (!Array.isArray(body)) throw new ApiError(422, 'An array of objects is expected.');
  if (body.length > most) throw new ApiError(413, `The maximum items allowed in the array is ${most}`);
  return body as Record<string, unknown>[];
}

export function idParam(request: FastifyRequest, name = 'id'): number {
  return Number((request.params as Record<string, string>)[name]);
}

export function empty(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}
