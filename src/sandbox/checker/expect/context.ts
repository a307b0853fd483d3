import type { Row } from '../raw/row.ts';
import { idOf, rowsOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import type { TargetStore } from '../raw/target-store.ts';
import { decoded, foldedKey } from '../rules/normalise.ts';
import { pathForm } from '../rules/paths.ts';
import type { Measure } from '../rules/units.ts';
import { lengthMeasure, unitsDiffer, weightMeasure } from '../rules/units.ts';
import type { CategoryTree } from './category-tree.ts';
import type { Addressed, Keys } from './keys.ts';
import type { Matrix } from './variation-matrix.ts';

/** Everything that an expectation is computed from. */
export interface Context {
  shop: SourceShop;
  tree: CategoryTree;
  keys: Keys;
  matrices: ReadonlyMap<number, Matrix>;
  weight: Measure;
  length: Measure;
  weightsDiffer: boolean;
  lengthsDiffer: boolean;
  /** Id that a source record has at the target; undefined while it is not there. */
  targetId: (entity: Addressed, sourceId: number) => number | undefined;
  /** Address that it has there. */
  targetPath: (entity: Addressed, sourceId: number) => string | undefined;
  /** Address at the target of the record that has this path there, or that a redirect from it leads to. */
  redirectedTo: (path: string) => string | undefined;
  isReachable: (image: Row) => boolean;
  taxClassId: (product: Row) => { id: number; adjusted: string[] };
  /** Path that an address of the shop means, with the shop's host or without; null for other places. */
  shopPath: (href: string) => string | null;
}

export function measures(shop: SourceShop, store: TargetStore): Omit<Context, keyof NotMeasures> {
  const weightUnits = [shop.setting('woocommerce_weight_unit'), textOf(store.store['weight_units'])] as const;
  const lengthUnits = [shop.setting('woocommerce_dimension_unit'), textOf(store.store['dimension_units'])] as const;
  return {
    weight: weightMeasure(...weightUnits),
    length: lengthMeasure(...lengthUnits),
    weightsDiffer: unitsDiffer(...weightUnits),
    lengthsDiffer: unitsDiffer(...lengthUnits),
  };
}
type NotMeasures = Omit<Context, 'weight' | 'length' | 'weightsDiffer' | 'lengthsDiffer'>;

/** Names that can never be resolved (RFC 2606); a picture there is out of reach unless the shop itself lives there. */
const RESERVED_HOST = /\.(test|invalid|example)$/;

export function reachability(shop: SourceShop, given?: (url: string) => boolean): (image: Row) => boolean {
  return (image) => {
    const src = textOf(image['src']);
    if (src === '' || shop.isMissingImage(idOf(image['id']))) return false;
    if (given) return given(src);
    return (shop.baseUrl !== '' && src.startsWith(`${shop.baseUrl}/`)) || !isReserved(src);
  };
}

function isReserved(src: string): boolean {
  return URL.canParse(src) && RESERVED_HOST.test(new URL(src).hostname);
}

export function shopPaths(baseUrl: string): (href: string) => string | null {
  return (href) => {
    const base = baseUrl === '' ? 'http://shop.invalid' : baseUrl;
    if (!/^(?:https?:)?\/\/|^\//.test(href) || !URL.canParse(href, base)) return null;
    const url = new URL(href, base);
    return url.host === new URL(base).host ? pathForm(url.pathname) + url.search + url.hash : null;
  };
}

export interface TaxClass {
  id: number;
  name: string;
}

/** Classes of a sandbox store; a raw state may bring its own as `tax_classes`. */
const USUAL_CLASSES: TaxClass[] = [
  { id: 0, name: 'Default Tax Class' },
  { id: 1, name: 'Non-Taxable Products' },
  { id: 4, name: 'Reduced rate' },
  { id: 5, name: 'Zero rate' },
];

/** Class by equal name; untaxed and zero-rate goods go to the non-taxable class, standard to 0 (fidelity §4, §11). */
export function taxClasses(shop: SourceShop, store: TargetStore, given?: TaxClass[]): Context['taxClassId'] {
  const held = rowsOf(store.store['tax_classes']).map((row) => ({ id: idOf(row['id']), name: textOf(row['name']) }));
  const classes = given ?? (held.length > 0 ? held : USUAL_CLASSES);
  const untaxed = classes.find((row) => /non-?taxable/i.test(row.name))?.id ?? 1;
  const names = new Map(shop.taxClasses.map((row) => [textOf(row['slug']), decoded(textOf(row['name']))]));
  return (product) => {
    const [status, slug] = [textOf(product['tax_status']), textOf(product['tax_class'])];
    if (status === 'none') return { id: untaxed, adjusted: [] };
    if (status === 'shipping') return { id: untaxed, adjusted: ['tax-status-shipping'] };
    if (slug === '' || slug === 'standard') return { id: 0, adjusted: [] };
    if (slug === 'zero-rate') return { id: untaxed, adjusted: [] };
    const name = foldedKey(names.get(slug) ?? slug.replace(/-/g, ' '));
    const found = classes.find((row) => foldedKey(row.name) === name);
    return found ? { id: found.id, adjusted: [] } : { id: 0, adjusted: ['tax-class-fallback'] };
  };
}
