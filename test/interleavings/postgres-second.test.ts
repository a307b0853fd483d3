import { describe } from 'vitest';
import { STORIES_PER_FILE, tellStories } from './stories.ts';

describe('interleavings on real PostgreSQL, the second half', () => {
  tellStories(1 + STORIES_PER_FILE);
});
