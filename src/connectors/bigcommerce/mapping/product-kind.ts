import type { JsonObject } from '../../../domain/json.ts';
import type { CanonicalProduct } from '../../../domain/product.ts';
import { parseDecimal } from './decimals.ts';
import type { MapContext, TargetEntity } from '../../target.ts';
import { textField } from '../projection/fields.ts';
import type { Findings } from './findings.ts';
import { lacksVariants } from './stock-tracking.ts';

/** How a product of some kind is sold at the target (fidelity §4.1). */
export interface Selling {
  readonly type: 'physical' | 'digital';
  /** Shown, but not to be bought. */
  readonly disabled: boolean;
  /** Shown without any price. */
  readonly priceless: boolean;
  readonly hidden: boolean;
  /** HTML that goes to the end of the description. */
  readonly ending: string;
}

export function sellingOf(product: CanonicalProduct, context: Pick<MapContext, 'keysOf'>, findings: Findings): Selling {
  const type = product.virtual && product.kind !== 'variable' ? 'digital' : 'physical';
  if (product.downloadable && !product.virtual && product.kind !== 'variable') {
    const why = 'it was shipped and taxed as goods, so it stays that way';
    findings.adjust('download-kept-physical', 'downloadable', true, 'physical', why);
  }
  const plain: Selling = { type, disabled: false, priceless: false, hidden: false, ending: '' };
  switch (product.kind) {
    case 'simple':
      return plain;
    case 'variable':
      return lacksVariants(product) ? { ...plain, disabled: true, priceless: true } : plain;
    case 'grouped': {
      const why = 'its page, address and ranking are kept; its parts are bought by themselves';
      findings.adjust('grouped-as-display-product', 'type', product.sourceType, 'display product', why);
      return { ...plain, disabled: true, priceless: true, ending: childrenList(product, context) };
    }
    case 'external':
      return {
        ...plain,
        disabled: true,
        priceless: product.pricing.regular === null,
        ending: outsideLink(product, findings),
      };
    case 'subscription': {
      const why = 'a recurring price must not be sold once: it needs a subscription app';
      findings.adjust('subscription-as-disabled-product', 'type', product.sourceType, 'disabled', why);
      findings.report('subscription-contracts', 'type', product.sourceType);
      return { ...plain, disabled: true };
    }
    case 'bundle':
      return bundle(product, plain, findings);
    default: {
      const why = 'nobody has decided yet how this type is to be sold';
      findings.adjust('unknown-type-disabled', 'type', product.sourceType, 'hidden and disabled', why);
      return { ...plain, disabled: true, hidden: true };
    }
  }
}

/** What the list of a group's parts shows of one of them. */
export const LISTED_PART: NonNullable<TargetEntity['shown']> = {
  in: ['groupedChildren'],
  of: (core) => {
    const row = core as JsonObject | null;
    return JSON.stringify([textField(row, 'name'), textField(row?.['custom_url'], 'url')]);
  },
};

/** The parts that are at the target by now, in the group's order, by their names and addresses there. */
function childrenList(product: CanonicalProduct, context: Pick<MapContext, 'keysOf'>): string {
  const items = product.groupedChildren.flatMap((sourceId) => {
    const { name, path } = context.keysOf({ entity: 'product', sourceId });
    return name === undefined || path === undefined ? [] : [`<li><a href="${escaped(path)}">${escaped(name)}</a></li>`];
  });
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

function bundle(product: CanonicalProduct, plain: Selling, findings: Findings): Selling {
  const own = parseDecimal(product.pricing.regular);
  const hasPrice = own !== null && own.gt(0);
  const why = 'the rules of its parts cannot be expressed at the target';
  const after = hasPrice ? 'simple product' : 'display product';
  findings.adjust('bundle-as-product', 'type', product.sourceType, after, why);
  return hasPrice ? plain : { ...plain, disabled: true, priceless: true };
}

/** An external product must not become buyable here: its page ends with the link to where it is sold. */
function outsideLink(product: CanonicalProduct, findings: Findings): string {
  const why = 'it is sold elsewhere: shown, not to be bought, with a link to there';
  findings.adjust('external-as-link-product', 'type', product.sourceType, 'link product', why);
  if (!URL.canParse(product.externalUrl) || !/^https?:$/.test(new URL(product.externalUrl).protocol)) return '';
  return `<p><a href="${escaped(product.externalUrl)}">${escaped(product.buttonText || product.externalUrl)}</a></p>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
