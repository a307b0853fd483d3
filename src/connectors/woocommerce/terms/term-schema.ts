import { z } from 'zod';
import { derived, id, image, integer, text } from '../wire/fields.ts';

/** A category or brand of wc/v3; both have the same fields. */
export const termSchema = z.looseObject({
  id,
  name: text,
  slug: text,
  parent: id.default(''),
  description: text.default(''),
  display: text.default('default'),
  image: z.union([image, z.null(), z.array(z.never()).transform(() => null)]).default(null),
  menu_order: integer.default(0),
  count: integer.default(0),
  permalink: derived,
});

export type WireTerm = z.output<typeof termSchema>;
