import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import type { BlogPostRow, PageRow } from '../wire/content/content.ts';
import { agreesFields, type FieldTable, projectFields } from './fields.ts';

const POST_FIELDS: FieldTable = {
  title: 'text',
  body: 'html',
  url: 'url',
  is_published: 'flag',
  published_date: 'text',
  meta_description: 'text',
  author: 'text',
  tags: 'text',
};

/** Without the title for search engines: the published schemas let it be written and do not show it. */
const PAGE_FIELDS: FieldTable = {
  name: 'text',
  type: 'text',
  body: 'html',
  url: 'url',
  parent_id: 'number',
  sort_order: 'number',
  is_visible: 'flag',
  meta_description: 'text',
};

export function presentBlogPost(row: BlogPostRow): PresentState {
  const parts = { core: projectFields(POST_FIELDS, postForm(row)) };
  return { targetId: String(row.id), createdAt: null, modifiedAt: null, parts, children: [] };
}

export function presentPage(row: PageRow): PresentState {
  const parts = { core: projectFields(PAGE_FIELDS, row) };
  return { targetId: String(row.id), createdAt: null, modifiedAt: null, parts, children: [] };
}

export function agreesBlogPostPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && isObject(desired) && agreesFields(POST_FIELDS, postForm(desired), present);
}

export function agreesPagePart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && agreesFields(PAGE_FIELDS, desired, present);
}

/** Tags in one text, the day to the second whatever shape it comes in (bigcommerce-api §6). */
function postForm(row: Readonly<Record<string, unknown>>): JsonObject {
  const tags = Array.isArray(row['tags']) ? row['tags'].map((tag) => String(tag)) : [];
  return { ...(row as JsonObject), tags: tags.join('\n'), published_date: instantOf(row['published_date']) };
}

export function instantOf(stored: unknown): string {
  const text = isObject(stored)
    ? `${textOf(stored['date']).replace(' ', 'T')}${zoneOf(stored['timezone'])}`
    : textOf(stored);
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An offset; names of zones are not used for what was written in UTC. */
function zoneOf(zone: unknown): string {
  return typeof zone === 'string' && /^[+-]\d\d:\d\d$/.test(zone) ? zone : 'Z';
}
