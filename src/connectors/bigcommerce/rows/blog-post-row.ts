import { z } from 'zod';
import type { Json, JsonObject } from '../../../domain/json.ts';
import type { Query } from '../../http/request-form.ts';
import type { CallOptions, LookUpHit, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { RowDeps } from '../entity-table.ts';
import { BLOG_POST, blogPostKey, blogPostKeys, mapBlogPost } from '../mapping/content/blog-post.ts';
import { rfc2822 } from '../mapping/dates.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { agreesBlogPostPart, instantOf, presentBlogPost } from '../projection/content.ts';
import { changedFields } from '../projection/field-changes.ts';
import { textField } from '../projection/fields.ts';
import { type BlogPostRow, blogPostSchema } from '../wire/content/content.ts';
import { deleted } from '../writing/deletes.ts';
import { outcomeOfFailure } from '../writing/outcomes.ts';
import { requiredTargetId } from '../writing/per-item.ts';
import { unknownPart } from './part-spec.ts';

const AT = { path: '/v2/blog/posts', route: 'blog/posts' };
const PAGE = 250;

/** Posts of the blog of V2, one request each (bigcommerce-api §6). */
export function blogPostRow({ api }: RowDeps): TargetEntity<'blog_post'> {
  return {
    entity: 'blog_post',
    parts: [{ part: 'core', createBatch: 1, updateBatch: 1, deleteBatch: 1, bundles: [] }],
    foreignEdits: 'full-list',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.blog_post,
    wantedKeys: blogPostKeys,
    map: mapBlogPost,
    agrees: agreesBlogPostPart,
    write: async (part, items, call) => {
      if (part !== 'core') throw unknownPart('blog_post', part);
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await writePost(api, item, call));
      return outcomes;
    },
    lookUp: (items, call) => lookUp(api, items, call),
    read: async (targetIds, call) => {
      const wanted = new Set(targetIds);
      return (await listPosts(api, {}, call)).filter((row) => wanted.has(String(row.id))).map(presentBlogPost);
    },
    changedSince: async (_since, call) => (await listPosts(api, {}, call)).map(presentBlogPost),
    scanExisting: async (_cursor, call) => ({
      records: (await listPosts(api, {}, call)).map((row) => ({
        entity: 'blog_post',
        targetId: String(row.id),
        marker: null,
        keys: [
          { kind: BLOG_POST, scope: '', value: blogPostKey(instantOf(row.published_date), row.title ?? '') },
          ...(row.url == null || row.url === '' ? [] : [{ kind: 'path', scope: '', value: row.url }]),
        ],
        children: [],
      })),
      next: null,
    }),
  };
}

async function listPosts(api: BigCommerceApi, query: Query, call: CallOptions): Promise<readonly BlogPostRow[]> {
  const rows: BlogPostRow[] = [];
  for (let page = 1; ; page += 1) {
    const asked = { ...query, page, limit: PAGE };
    const found = (await api.get({ ...AT, query: asked, schema: z.array(blogPostSchema).nullable(), call })) ?? [];
    rows.push(...found);
    if (found.length < PAGE) return rows;
  }
}

function keyOf(form: Json): string {
  return blogPostKey(instantOf(textField(form, 'published_date')), textField(form, 'title'));
}

/** By its day and title; of several equal ones each is found once. */
async function lookUp(api: BigCommerceApi, items: readonly WriteItem[], call: CallOptions): Promise<LookUpHit[]> {
  const free = (await listPosts(api, {}, call)).map(presentBlogPost);
  return items.flatMap((item): LookUpHit[] => {
    const at = free.findIndex(({ parts }) => keyOf(parts['core'] ?? null) === keyOf(item.desired));
    const [state] = at < 0 ? [] : free.splice(at, 1);
    if (state === undefined) return [];
    return [
      {
        id: item.id,
        state,
        marker: null,
        agrees: agreesBlogPostPart('core', item.desired, state.parts['core'] ?? null),
      },
    ];
  });
}

async function writePost(api: BigCommerceApi, item: WriteItem, call: CallOptions): Promise<WriteOutcome> {
  try {
    if (item.action === 'delete') {
      const path = `${AT.path}/${requiredTargetId(item)}`;
      await api.write({ path, route: `${AT.route}/:id`, method: 'DELETE', call });
      return deleted(item);
    }
    const desired = item.desired as JsonObject;
    const create = item.action === 'create';
    const at = create ? AT : { path: `${AT.path}/${requiredTargetId(item)}`, route: `${AT.route}/:id` };
    const fields = create ? desired : changedFields(desired, item.lastDesired);
    const body = sendable({ ...fields, is_published: desired['is_published'] ?? false });
    const { data, status } = await api.write({
      ...at,
      method: create ? 'POST' : 'PUT',
      body,
      schema: blogPostSchema,
      call,
    });
    const { targetId, parts } = presentBlogPost(data);
    const unsettled = status === 207 ? [{ part: 'core', reason: 'the store gave it another address' }] : [];
    return { id: item.id, outcome: 'written', targetId, modifiedAt: null, bases: parts, children: [], unsettled };
  } catch (error) {
    return outcomeOfFailure(item, error, BLOG_POST);
  }
}

/** A post stays published only where that is said again; its day goes as flat text (bigcommerce-api §6). */
function sendable({ url, published_date: day, ...fields }: JsonObject): JsonObject {
  return {
    ...fields,
    ...(url === undefined || url === null ? {} : { url }),
    ...(typeof day === 'string' ? { published_date: rfc2822(day) } : {}),
  };
}
