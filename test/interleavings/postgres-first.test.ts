import { describe } from 'vitest';
import { tellStories } from './stories.ts';

describe('interleavings on real PostgreSQL, the first half', () => {
  tellStories(1);
});
