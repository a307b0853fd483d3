import { idOf, textOf } from '../../../src/sandbox/checker/raw/row.ts';
import { sourceForm, targetForm } from '../../../src/sandbox/checker/rules/html.ts';
import type { CollectionRow, StoreRows } from '../read/rows.ts';
import { compareWith, name, type Want } from './expect.ts';
import { type Checked, checkPairs, type Pairings } from './pairs.ts';

const ROOT = '__root_collection__';

export function checkCollections(check: Checked, rows: readonly CollectionRow[], { category }: Pairings): void {
  checkPairs(check, rows, (row, target) => {
    const isTop = row.parent === null || row.parent.name === ROOT;
    const parent = isTop ? 0 : (category.pairs.get(Number(row.parentId))?.id ?? 'its parent, which is not there');
    compareWith(check.report, { ...check, sourceId: row.id, target }, [
      name('name', row.name, 50),
      { field: 'parent_id', is: parent, read: (record) => idOf(record.row['parent_id']) },
      { field: 'is_visible', is: !row.isPrivate },
      html('description', row.description),
    ]);
  });
}

export function checkBrands(check: Checked, rows: StoreRows['brands']): void {
  checkPairs(check, rows, (row, target) => {
    compareWith(check.report, { ...check, sourceId: row.id, target }, [name('name', row.name, 255)]);
  });
}

/** The words of a text; which tags are safe is the target's matter. */
export function html(field: string, source: string): Want {
  const is = sourceForm(source).text;
  return { field, is, agrees: (actual) => targetForm(textOf(actual)).text === is };
}
