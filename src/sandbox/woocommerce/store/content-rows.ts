import type { PostRow } from './rows.ts';

/** A blog post or a page. */
export interface ArticleRow extends PostRow {
  title: string;
  content: string;
  excerpt: string;
  password: string;
  author: number;
  featuredMedia: number;
  commentStatus: string;
  pingStatus: string;
  sticky: boolean;
  template: string;
  format: string;
  /** Pages only; 0 is the top. */
  parentId: number;
  /** Posts only. */
  categoryIds: number[];
  tagIds: number[];
  /** The permalink at the time of the first save: it never follows a new slug. */
  guid: string;
  /** Revisions kept of it; each takes an id of the shared sequence. */
  revisions: number[];
}
