/** A shop of one of the sandbox's set sizes. */
export type Size = 'S' | 'M' | 'L';

export interface Extent {
  readonly name: Size | 'Q1' | 'Q2';
  /** As the settings of the sandbox shop say it. */
  readonly shop: { readonly size: Size } | { readonly records: number };
}

export function isSize(text: string): text is Size {
  return text === 'S' || text === 'M' || text === 'L';
}

export function extentOf(size: Size): Extent {
  return { name: size, shop: { size } };
}

/** In place of M and L where there are four minutes. */
export const QUICK_EXTENTS: readonly [Extent, Extent] = [
  { name: 'Q1', shop: { records: 2_000 } },
  { name: 'Q2', shop: { records: 6_000 } },
];

/** The words of the sandbox's command line. */
export function shopArguments({ shop }: Extent): string[] {
  return 'size' in shop ? ['--size', shop.size] : ['--records', String(shop.records)];
}
