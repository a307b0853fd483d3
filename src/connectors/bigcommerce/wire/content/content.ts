import { z } from 'zod';

const text = z.string().nullish();

/** Written as text, read as an object (bigcommerce-api §6). */
const day = z.union([z.string(), z.looseObject({ date: text, timezone: text })]).nullish();

export const blogPostSchema = z.looseObject({
  id: z.number(),
  title: text,
  body: text,
  url: text,
  tags: z.array(z.string()).nullish(),
  is_published: z.boolean().nullish(),
  published_date: day,
  meta_description: text,
  author: text,
});
export type BlogPostRow = z.output<typeof blogPostSchema>;

export const pageSchema = z.looseObject({
  id: z.number(),
  name: text,
  type: text,
  body: text,
  url: text,
  parent_id: z.number().nullish(),
  sort_order: z.number().nullish(),
  is_visible: z.boolean().nullish(),
  meta_description: text,
});
export type PageRow = z.output<typeof pageSchema>;
