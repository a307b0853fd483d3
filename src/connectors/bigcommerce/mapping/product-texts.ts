import { stripTags } from '../../../canonical/plain-text.ts';
import { truncateHtml } from '../../../canonical/truncate.ts';
import type { CanonicalProduct } from '../../../domain/product.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';
import { cleanHtml, fittingHtml, fittingText, type FullTexts } from './texts.ts';
import { uniqueTexts } from './unique-values.ts';
import { plainSku } from './variants/skus.ts';

const MAX_NAME = 250;
/** Not published for products; that of categories, and what a metafield can keep whole. */
const MAX_DESCRIPTION = 65_535;

export function productName(
  sourceId: string,
  product: Pick<CanonicalProduct, 'name'>,
  findings: Findings,
  full: FullTexts,
): string {
  const plain = stripTags(product.name);
  if (plain !== product.name.replace(/\s+/gu, ' ').trim()) {
    findings.adjust('name-tags-stripped', 'name', product.name, plain, 'names are plain text at the target');
  }
  const name = fittingText(plain, MAX_NAME, 'name', findings, full);
  if (name !== '') return name;
  const placeholder = `Product ${sourceId}`;
  findings.adjust('name-placeholder', 'name', product.name, placeholder, 'the target asks for a name');
  return placeholder;
}

/** Names are unique at the target: the SKU tells equal ones apart, else the id (fidelity §3). */
export function productNameKey(
  sourceId: string,
  product: Pick<CanonicalProduct, 'sku'>,
  name: string,
  sourceKey: string,
): WantedKey {
  const sku = plainSku(product.sku);
  const suffixes = [...(sku === '' || sku.length > 100 ? [] : [` (${sku})`]), ` (#${sourceId})`];
  return {
    slot: 'name',
    kind: 'product-name',
    scope: '',
    alternatives: uniqueTexts(name, suffixes, MAX_NAME, ` (#${sourceId}-${sourceKey})`),
    role: 'cosmetic',
  };
}

/** Short description and description in one field, and whatever the kind of product adds at the end (fidelity §4). */
export function productDescription(
  product: CanonicalProduct,
  ending: string,
  context: Pick<MapContext, 'mapping' | 'source' | 'addressOf'>,
  findings: Findings,
  full: FullTexts,
): { readonly description: string; readonly shortMetafield: string } {
  const way = context.mapping.shortDescription;
  const short = way === 'drop' ? '' : cleanHtml(product.shortDescription, 'short_description', context, findings);
  const block = short === '' ? '' : `<div class="short-description">${short}</div>`;
  if (product.shortDescription.trim() !== '') {
    const where = {
      prepend: 'before the description',
      append: 'after the description',
      metafield: 'metafield',
      drop: 'dropped',
    }[way];
    const why = 'the target has no short description';
    findings.adjust('short-description-merged', 'short_description', product.shortDescription, where, why);
  }
  const html = { context, findings, full };
  const room = Math.max(0, MAX_DESCRIPTION - block.length - ending.length);
  const body = fittingHtml(product.description, room, 'description', html);
  const pieces = way === 'prepend' ? [block, body] : way === 'append' ? [body, block] : [body];
  return {
    description: truncateHtml(pieces.join('') + ending, MAX_DESCRIPTION),
    shortMetafield: way === 'metafield' ? short : '',
  };
}
