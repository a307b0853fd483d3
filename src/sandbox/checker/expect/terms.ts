import type { Row } from '../raw/row.ts';
import { idOf, rowOf, textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import type { Scope } from '../report.ts';
import { isNothing, sameText } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import { htmlField } from './description.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField, ownMetafield, sourceIdField } from './expectation.ts';
import type { Addressed } from './keys.ts';

/** What a category becomes (fidelity §5). */
export function expectedCategory(context: Context, row: Row): Expected {
  const id = idOf(row['id']);
  const scope = 'category';
  const name = context.tree.names.get(id) ?? { value: '', changed: false };
  const parent = context.tree.parents.get(id) ?? 0;
  const parentId = parent === 0 ? 0 : (context.targetId('category', parent) ?? 0);
  const flattened = context.tree.flattened.has(id);
  const address = addressField(context, scope, 'category', id, row, ({ row: target }) => rowOf(target['url'])['path']);
  const description = htmlField(context, { scope, field: 'description', html: textOf(row['description']) });
  return {
    fields: [
      sourceIdField(scope, id),
      nameField(scope, row, name.value, name.changed),
      ownField({
        scope,
        field: 'parent_id',
        rule: flattened ? 'ADJUSTED category-depth-flattened' : 'EXACT §5 parent',
        source: row['parent'],
        expected: parentId,
      }),
      ...address.fields,
      ...description.fields,
      imageField(context, scope, row),
      ownField({ scope, field: 'sort_order', rule: 'EXACT §5 menu_order', expected: idOf(row['menu_order']) }),
      ownField({ scope, field: 'is_visible', rule: 'EXACT §5 visibility', expected: true }),
    ],
    adjusted: [
      ...(name.changed ? ['name-made-unique'] : []),
      ...(flattened ? ['category-depth-flattened'] : []),
      ...address.adjusted,
      ...description.adjusted,
    ],
  };
}

/** What a brand becomes (fidelity §5): a flat list, the description in a metafield. */
export function expectedBrand(context: Context, row: Row): Expected {
  const id = idOf(row['id']);
  const scope = 'brand';
  const name = context.keys.brandNames.get(id) ?? { value: '', changed: false };
  const address = addressField(context, scope, 'brand', id, row, customUrl);
  const description = textOf(row['description']);
  const metafield = ownMetafield({
    scope,
    key: /description$/,
    rule: 'ADJUSTED brand-description-in-metafield',
    source: description,
    expected: description,
    agrees: (expected, actual) => sameText(expected, actual) || htmlTextOf(context, expected, actual),
  });
  return {
    fields: [
      sourceIdField(scope, id),
      nameField(scope, row, name.value, name.changed),
      ...address.fields,
      imageField(context, scope, row),
      ...(description === '' ? [] : [metafield]),
    ],
    adjusted: [
      ...(name.changed ? ['name-made-unique'] : []),
      ...address.adjusted,
      ...(description === '' ? [] : ['brand-description-in-metafield']),
    ],
  };
}

function htmlTextOf(context: Context, expected: string, actual: string): boolean {
  const field = htmlField(context, { scope: 'brand', field: 'description', html: expected }).fields[0];
  const target = { id: 0, row: { description: actual }, metafields: [], sourceId: null };
  return field?.agrees(actual, target) ?? false;
}

function nameField(scope: Scope, row: Row, expected: string, changed: boolean): Expectation {
  const rule = changed ? 'ADJUSTED name-made-unique' : 'EXACT §5 name (N1)';
  return ownField({ scope, field: 'name', rule, source: row['name'], expected, agrees: sameText });
}

/** Present or not: the target makes its own address for the file. */
function imageField(context: Context, scope: Scope, row: Row): Expectation {
  const image = rowOf(row['image']);
  return ownField({
    scope,
    field: 'image_url',
    rule: 'EXACT §5 image (present)',
    source: image['src'],
    expected: context.isReachable(image),
    agrees: (expected: boolean, actual) => expected !== isNothing(actual),
  });
}

/** Address of a product or a brand. */
export function customUrl({ row }: TargetRecord): unknown {
  return rowOf(row['custom_url'])['url'];
}

/** The old path is kept (fidelity §12); nothing is expected where the source has no public one. */
export function addressField(
  context: Context,
  scope: Scope,
  entity: Addressed,
  id: number,
  row: Row,
  read: (target: TargetRecord) => unknown,
): Expected {
  const path = context.keys.path(entity, id);
  if (!path) return { fields: [], adjusted: [] };
  const field: Expectation = {
    scope,
    field: 'path',
    rule: path.changed ? 'ADJUSTED url-changed' : 'EXACT §12 (N11)',
    source: row['permalink'],
    expected: path.shown,
    read,
    agrees: (actual) => path.fits(textOf(actual)),
  };
  return { fields: [field], adjusted: path.changed ? ['url-changed'] : [] };
}
