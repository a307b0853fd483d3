/** Where a project stands (design §4). `paused` lies over a phase and is kept beside it. */
export const PHASES = [
  'draft',
  'assessed',
  'copying',
  'syncing',
  'verified',
  'cutting_over',
  'live',
  'completed',
  'rolled_back',
  'failed',
  'cancelled',
] as const;
export type Phase = (typeof PHASES)[number];
