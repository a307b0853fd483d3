import { compareSourceIds } from '../../../domain/entity.ts';
import type { CanonicalCategory } from '../../../domain/category.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { siblingScope, type WantedKey } from '../../../domain/unique-key.ts';
import type { ScannedKeys } from '../../source.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { createFindings, type Findings } from './findings.ts';
import { isFetchable, type ImageRules } from './images.ts';
import { ownMetafields, shopMetafields } from './metafields.ts';
import { int32 } from './numbers.ts';
import { seoFields } from './seo.ts';
import { fittingHtml, fittingText, type FullTexts } from './texts.ts';
import { assignedValue, uniqueTexts } from './unique-values.ts';
import { customUrl, wantedPath } from './urls.ts';

const MAX_NAME = 50;
const MAX_DESCRIPTION = 65_535;
/** Levels of the target's tree (bigcommerce-api §1.5). */
const MAX_DEPTH = 8;
/** How many ` (2)`, ` (3)` … siblings of one name may get before the id takes over. */
const NUMBERED = 20;

/** Kind of the children that remember where a category stands: level → the target id of its ancestor there. */
export const LEVEL = 'level';

type KeyContext = Omit<MapContext, 'keys'>;

export function categoryKeys(sourceId: string, category: CanonicalCategory, context: KeyContext): readonly WantedKey[] {
  const { scope } = placeOf(category, context, createFindings());
  return [nameKey(sourceId, category, scope, context.sourceKey), ...wantedPath(sourceId, category.path, context)];
}

export function scannedCategoryKeys(
  { sourceId, name, parent }: ScannedKeys,
  { mapping, sourceKey }: Pick<MapContext, 'mapping' | 'sourceKey'>,
): readonly WantedKey[] {
  return name === '' ? [] : [nameKey(sourceId, { name }, siblingScope(parent, mapping.categoryRoot), sourceKey)];
}

function nameKey(
  sourceId: string,
  category: Pick<CanonicalCategory, 'name'>,
  scope: string,
  sourceKey: string,
): WantedKey {
  return {
    slot: 'name',
    kind: 'category-name',
    scope,
    alternatives: uniqueTexts(
      nameOf(sourceId, category, createFindings(), new Map()),
      [...Array.from({ length: NUMBERED - 1 }, (_, index) => ` (${index + 2})`), ` (#${sourceId})`],
      MAX_NAME,
      ` (#${sourceId}-${sourceKey})`,
    ),
    role: 'identity',
  };
}

export function mapCategory(
  sourceId: string,
  category: CanonicalCategory,
  context: MapContext,
  rules: ImageRules,
): Mapped {
  const findings = createFindings();
  if (category.isCatchAll && category.isEmpty) {
    const why = 'the catch-all category of the shop holds nothing';
    findings.adjust('empty-default-category-skipped', 'category', category.name, null, why);
    return { outcome: 'skip', reason: why, adjustments: findings.adjustments };
  }
  const full: FullTexts = new Map();
  const name = uniqueName(sourceId, category, context, findings, full);
  const seo = seoFields(category.meta, name, context, findings);
  const url = customUrl(sourceId, category.path, context, findings);
  const html = { context, findings, full };
  const core = {
    ancestors: placeOf(category, context, findings).ancestors,
    tree_id: Number(context.target.ids['tree'] ?? 1),
    name,
    description: fittingHtml(category.description, MAX_DESCRIPTION, 'description', html),
    sort_order: int32(category.position),
    is_visible: category.visible,
    page_title: seo.title,
    meta_description: seo.description,
    url: url === null ? null : { path: url.url, is_customized: true },
  };
  const metafields = [
    ...ownMetafields(`${context.sourceKey}:${sourceId}`, {}, full, findings),
    ...shopMetafields(context.source.platform, category.meta, seo.taken, 'meta', findings),
  ];
  const parts = [
    { part: 'core', desired: core },
    { part: 'image', desired: { image_url: imageUrl(category, rules, findings) } },
    { part: 'metafields', desired: metafields },
  ];
  return { outcome: 'write', parts, adjustments: findings.adjustments, reports: findings.reports };
}

function uniqueName(
  sourceId: string,
  category: CanonicalCategory,
  context: MapContext,
  findings: Findings,
  full: FullTexts,
): string {
  nameOf(sourceId, category, findings, full);
  const [wanted] = categoryKeys(sourceId, category, context);
  if (wanted === undefined) throw new Error('a category always wants a name');
  const why = 'a sibling has this name already';
  return assignedValue(wanted, context.keys, { key: 'name-made-unique', field: 'name', why, findings });
}

function imageUrl(category: CanonicalCategory, rules: ImageRules, findings: Findings): string {
  if (category.image === null) return '';
  if (isFetchable(category.image.url, rules)) return category.image.url;
  findings.report('image-unreachable', 'image', category.image.url.slice(0, 200));
  return '';
}

function nameOf(
  sourceId: string,
  category: Pick<CanonicalCategory, 'name'>,
  findings: Findings,
  full: FullTexts,
): string {
  const name = fittingText(category.name, MAX_NAME, 'name', findings, full);
  if (name !== '') return name;
  const placeholder = `Category ${sourceId}`;
  findings.adjust('name-placeholder', 'name', category.name, placeholder, 'the target asks for a name');
  return placeholder;
}

/** Target ids from the top level down to the parent, and where its name must be unique. */
interface Place {
  readonly ancestors: readonly number[];
  readonly scope: string;
}

/**
 * Target ids from the top level down to the parent. A parent on the last level is left out, so that the category goes beside
 * it; a parent that can never be there (gone, or part of a cycle) leaves the category at the top (fidelity §5).
 */
function placeOf(category: CanonicalCategory, context: KeyContext, findings: Findings): Place {
  const { categoryRoot } = context.mapping;
  const root = categoryRoot === null ? [] : [Number(categoryRoot)];
  const top = { ancestors: root, scope: siblingScope(null, categoryRoot) };
  if (category.parent === null) return top;
  const ref = { entity: 'category' as const, sourceId: category.parent };
  const parentId = context.targetIdOf(ref);
  if (parentId === null) {
    const why = 'its parent category cannot be carried: it goes to the top level';
    findings.adjust('category-depth-flattened', 'parent', category.parent, null, why);
    return top;
  }
  const known = levelsOf(context.childrenOf(ref));
  const path = known.at(-1) === Number(parentId) ? known : [...root, Number(parentId)];
  if (path.length < MAX_DEPTH) return { ancestors: path, scope: siblingScope(category.parent, categoryRoot) };
  const kept = path.slice(0, MAX_DEPTH - 1);
  const why = `the target's tree has ${MAX_DEPTH} levels: it goes below its ancestor on level ${MAX_DEPTH - 1}`;
  findings.adjust('category-depth-flattened', 'parent', category.parent, kept.at(-1) ?? null, why);
  return { ancestors: kept, scope: String(kept.at(-1)) };
}

function levelsOf(children: readonly ChildPair[]): readonly number[] {
  const byLevel = new Map(children.filter(({ kind }) => kind === LEVEL).map((pair) => [pair.sourceId, pair.targetId]));
  return [...byLevel]
    .filter(([, targetId]) => targetId !== '')
    .toSorted(([a], [b]) => compareSourceIds(a, b))
    .map(([, targetId]) => Number(targetId));
}
