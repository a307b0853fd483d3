import { comparablePath, percentDecoded } from '../../../canonical/slug-path.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import type { RedirectRow } from '../wire/redirect.ts';
import { sameJson } from './field-changes.ts';
import { textField } from './fields.ts';

export function presentRedirect(row: RedirectRow): PresentState {
  const parts = { core: formOf(row) };
  return { targetId: String(row.id), createdAt: null, modifiedAt: null, parts, children: [] };
}

export function agreesRedirectPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && isObject(desired) && sameJson(formOf(desired), present);
}

export function redirectPath(row: unknown): string {
  return comparablePath(textField(row, 'from_path'));
}

/** An address has one form whether it comes encoded or not; what leads to a record has no address. */
function formOf(row: Readonly<Record<string, unknown>>): JsonObject {
  const to = isObject(row['to']) ? row['to'] : {};
  const type = textField(to, 'type');
  const target =
    type === 'url' ? { url: percentDecoded(textField(to, 'url')) } : { entity_id: Number(to['entity_id'] ?? 0) };
  return { from_path: redirectPath(row), type, ...target };
}
