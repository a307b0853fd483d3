import { z } from 'zod';
import { derived, flag, gmt, id, ids, integer, text } from '../wire/fields.ts';

/** Text as typed and as shown; the former comes with `context=edit` only. */
const written = z.looseObject({ raw: text.optional(), rendered: text.default(''), protected: flag.default(false) });

/** Posts and pages of wp/v2 with `context=edit` (fidelity §0, §10). */
export const articleSchema = z.looseObject({
  id,
  date_gmt: gmt.default(null),
  slug: text.default(''),
  status: text.default('publish'),
  link: text.default(''),
  password: text.default(''),
  title: written,
  content: written,
  excerpt: written.default({ rendered: '', protected: false }),
  author: id.default(''),
  featured_media: id.default(''),
  parent: id.default(''),
  menu_order: integer.default(0),
  categories: ids.default([]),
  tags: ids.default([]),
  sticky: flag.default(false),
  format: text.default('standard'),
  template: text.default(''),
  comment_status: derived,
  ping_status: derived,
  meta: z.unknown().optional(),
  date: derived,
  guid: derived,
  modified: derived,
  modified_gmt: derived,
  type: derived,
  permalink_template: derived,
  generated_slug: derived,
  class_list: derived,
});
export type WireArticle = z.output<typeof articleSchema>;
