import type { CanonicalPage } from '../../../../domain/content.ts';
import type { Json } from '../../../../domain/json.ts';
import type { WantedKey } from '../../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../../target.ts';
import { createFindings, type Findings } from '../findings.ts';
import { int32 } from '../numbers.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { assignedValue, uniqueTexts } from '../unique-values.ts';
import { customUrl, wantedPath } from '../urls.ts';
import { bodyOf, isPublic, reportExtras, searchTexts } from './writing.ts';

export const PAGE_NAME = 'page-name';
const MAX_NAME = 100;

export function pageKeys(
  sourceId: string,
  page: CanonicalPage,
  context: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  if (page.isSystem) return [];
  return [nameKey(sourceId, page, context), ...wantedPath(sourceId, page.path, context)];
}

/** Names of pages are unique; equal ones are told apart by the id (fidelity §14). */
function nameKey(sourceId: string, page: CanonicalPage, context: Pick<MapContext, 'sourceKey'>): WantedKey {
  const name = nameOf(sourceId, page, createFindings(), new Map());
  return {
    slot: 'name',
    kind: PAGE_NAME,
    scope: '',
    alternatives: uniqueTexts(name, [` (#${sourceId})`], MAX_NAME, ` (#${sourceId}-${context.sourceKey})`),
    role: 'identity',
  };
}

/** Fidelity §10: pages that are the shop's software have others in their place at the target. */
export function mapPage(sourceId: string, page: CanonicalPage, context: MapContext): Mapped {
  const findings = createFindings();
  if (page.isSystem) {
    findings.report('system-page-skipped', 'page', page.slug);
    const reason = 'it is a page of the shop software: the target has its own';
    return { outcome: 'skip', reason, adjustments: [], reports: findings.reports };
  }
  nameOf(sourceId, page, findings, new Map());
  const why = 'another page has this name already';
  const note = { key: 'name-made-unique', field: 'name', why, findings };
  const name = assignedValue(nameKey(sourceId, page, context), context.keys, note);
  const seo = searchTexts(page, context, findings);
  reportExtras(page, seo, 'page-extras', findings);
  const core: Record<string, Json> = {
    channel_id: Number(context.target.ids['channel'] ?? 1),
    name,
    type: 'page',
    body: bodyOf(page, '', context, findings),
    url: customUrl(sourceId, page.path, context, findings)?.url ?? null,
    parent_id: parentOf(page, context, findings),
    sort_order: int32(page.position),
    is_visible: isPublic(page),
    meta_title: seo.title,
    meta_description: seo.description,
  };
  const parts = [{ part: 'core', desired: core }];
  return { outcome: 'write', parts, adjustments: findings.adjustments, reports: findings.reports };
}

/** 0: at the top, as all whose parent is not at the target, or lies below them itself. */
function parentOf({ parent }: CanonicalPage, context: MapContext, findings: Findings): number {
  if (parent === null) return 0;
  const id = context.targetIdOf({ entity: 'page', sourceId: parent });
  if (id !== null) return Number(id);
  findings.adjust(
    'page-parent-dropped',
    'parent',
    parent,
    null,
    'its parent page cannot be carried: it goes to the top',
  );
  return 0;
}

function nameOf(sourceId: string, page: CanonicalPage, findings: Findings, full: FullTexts): string {
  const name = fittingText(page.title, MAX_NAME, 'name', findings, full);
  if (name !== '') return name;
  const placeholder = `Page ${sourceId}`;
  findings.adjust('name-placeholder', 'name', page.title, placeholder, 'the target asks for a name');
  return placeholder;
}
