import { z } from 'zod';

const text = z.string().nullish();

export const reviewSchema = z.looseObject({
  id: z.number(),
  title: text,
  text,
  status: text,
  rating: z.number().nullish(),
  email: text,
  name: text,
  date_reviewed: text,
  date_modified: text,
});
export type ReviewRow = z.output<typeof reviewSchema>;
