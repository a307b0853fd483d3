import type { CanonicalBlogPost, CanonicalPage } from '../../../src/domain/content.ts';

const writing = {
  content: '<p>Tea <b>is</b> good.</p>',
  excerpt: '',
  slug: 'tea',
  path: '/tea/',
  status: 'published' as const,
  passwordProtected: false,
  meta: [],
};
export const post = (more: Partial<CanonicalBlogPost> = {}): CanonicalBlogPost => ({
  ...writing,
  title: 'On tea',
  publishedAt: '2025-03-04T05:06:07.000Z',
  author: 'Ann',
  categories: ['News'],
  tags: ['tea', 'News'],
  featuredImage: { key: '1', url: 'https://shop.example.test/a.png', alt: 'A "cup"' },
  ...more,
});

export const page = (more: Partial<CanonicalPage> = {}): CanonicalPage => ({
  ...writing,
  title: 'About',
  path: '/about/',
  parent: null,
  position: 3,
  isSystem: false,
  ...more,
});
