/** How much of a window is ours: what the reserve for the merchant leaves, whole requests. */
export function oursOf(quota: number, reservePercent: number): number {
  return Math.max(1, Math.floor((quota * (100 - reservePercent)) / 100));
}

export interface WindowsUsed {
  readonly requests: number;
  /** How many windows went by, whole and in part. */
  readonly windows: number;
  readonly quota: number;
  readonly reservePercent: number;
}

export function usedShare({ requests, windows, quota, reservePercent }: WindowsUsed): number {
  return requests / (windows * oursOf(quota, reservePercent));
}
