import type { Row } from '../raw/row.ts';
import { idOf, idsOf, textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import type { HtmlForm } from '../rules/html.ts';
import { linksOf, shownForm, targetForm } from '../rules/html.ts';
import { decodedName, plain, sameSet } from '../rules/normalise.ts';
import { pathForm } from '../rules/paths.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField } from './expectation.ts';
import { shopLinks } from './links.ts';
import { kindOf } from './product-kind.ts';

const MOST_RELATED = 50;

/** Up-sells, then cross-sells, as related products; a group's children too (fidelity §4, §4.1). */
export function expectedRelated(context: Context, product: Row): Expected {
  const id = idOf(product['id']);
  const lists = [...idsOf(product['upsell_ids']), ...idsOf(product['cross_sell_ids'])];
  const wanted = [...new Set([...idsOf(product['grouped_products']), ...lists])].filter((other) => other !== id);
  const known = wanted.flatMap((other) => context.targetId('product', other) ?? []).slice(0, MOST_RELATED);
  const self = context.targetId('product', id);
  const related = ownField({
    scope: 'related',
    field: 'related_products',
    rule: lists.length > 0 ? 'ADJUSTED upsell-crosssell-merged' : 'EXACT §4 related (N7)',
    source: wanted,
    expected: known,
    // Of a product that recommends itself the rulebook says nothing.
    read: ({ row }) => idsOf(row['related_products']).filter((other) => other !== self),
    agrees: sameSet,
  });
  const isGroup = kindOf(product).key === 'grouped-as-display-product';
  return {
    fields: [
      related,
      ...(lists.length > 0 ? [listsMetafield(lists)] : []),
      ...(isGroup ? [childrenList(context, product)] : []),
    ],
    adjusted: lists.length > 0 ? ['upsell-crosssell-merged'] : [],
  };
}

/** Both lists stand in metafields, whatever their layout: every id of the source is in one of them. */
function listsMetafield(lists: readonly number[]): Expectation {
  return {
    scope: 'product-metafields',
    field: 'metafields storeferry/… of up-sells and cross-sells',
    rule: 'ADJUSTED upsell-crosssell-merged',
    source: lists,
    expected: lists,
    read: sellIds,
    agrees: (actual) => lists.every((id) => (actual as string[]).includes(String(id))),
  };
}

function sellIds({ metafields }: TargetRecord): string[] {
  const own = metafields.filter((field) => field['namespace'] === 'storeferry' && /sell/.test(textOf(field['key'])));
  return own.flatMap((field) => textOf(field['value']).match(/\d+/g) ?? []);
}

/** The description of a group ends in a linked list of the children that are carried (fidelity §4.1). */
function childrenList(context: Context, product: Row): Expectation {
  const children = idsOf(product['grouped_products'])
    .map((id) => context.shop.product(id))
    .filter((child) => child !== undefined);
  return {
    scope: 'related',
    field: 'description (list of children)',
    rule: 'ADJUSTED grouped-as-display-product',
    source: product['grouped_products'],
    expected: children.map((child) => context.keys.path('product', idOf(child['id']))?.shown ?? ''),
    read: ({ row }) => shownForm(targetForm(textOf(row['description']))),
    agrees: (_, { row }) =>
      listsChildren(context, children, targetForm(textOf(row['description']), shopLinks(context))),
  };
}

/** One link for each child, in the group's order, called by the child's name. */
function listsChildren(context: Context, children: readonly Row[], form: HtmlForm): boolean {
  const paths = linksOf(form)
    .slice(-children.length)
    .map((href) => pathForm(href.replace(/[?#].*$/, '')));
  const isListed = (child: Row, at: number): boolean => {
    const path = context.keys.path('product', idOf(child['id']));
    return path === undefined || path.fits(paths[at] ?? '');
  };
  const names = [
    children.map((child) => context.keys.productNames.get(idOf(child['id']))?.value ?? ''),
    children.map((child) => decodedName(textOf(child['name']))),
  ];
  const isNamed = names.some((list) => form.text.endsWith(plain(list.join(' '))));
  return children.length === 0 || (paths.length === children.length && children.every(isListed) && isNamed);
}
