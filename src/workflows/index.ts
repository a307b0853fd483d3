export { continuousSync } from './continuous-sync.ts';
export { fullMigration } from './full-migration.ts';
export { migration } from './migration.ts';
export { recentSync } from './recent-sync.ts';
export { scheduledRun } from './scheduled-run.ts';
