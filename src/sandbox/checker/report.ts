/** Groups of fields; a caller that built only some of them yet compares only those. */
export const SCOPES = [
  'store',
  'category',
  'brand',
  'product-core',
  'product-images',
  'product-custom-fields',
  'product-options',
  'variants',
  'stock',
  'product-metafields',
  'related',
  'variant-metafields',
  'seo',
  'links',
  'customer',
  'coupon',
  'order',
  'review',
  'blog_post',
  'page',
  'redirect',
] as const;
export type Scope = (typeof SCOPES)[number];

export const ENTITIES = [
  'store',
  'category',
  'brand',
  'product',
  'variant',
  'stock',
  'customer_group',
  'customer',
  'coupon',
  'order',
  'review',
  'blog_post',
  'page',
  'redirect',
] as const;
export type CheckedEntity = (typeof ENTITIES)[number];

export interface Finding {
  entity: CheckedEntity;
  scope: Scope;
  /** Null where the source has no such record. */
  sourceId: string | null;
  /** Null where the target has no such record. */
  targetId: string | null;
  field: string;
  /** What the source says, what the rulebook makes of it, what the target says; each at most 200 characters. */
  source: string;
  expected: string;
  target: string;
  /** Class and normalisation, or the adjustment key, of the rulebook. */
  rule: string;
}

export interface EntityCount {
  /** Records of the source that are to be carried, and those of them found at the target. */
  source: number;
  target: number;
  /** Records that the rulebook changes on purpose in one field or more. */
  adjusted: number;
  /** Records that the caller knows to be missing. */
  failed: number;
}

export interface Report {
  lost: Finding[];
  doubled: Finding[];
  different: Finding[];
  /** Records of the target that the source knows nothing of. */
  foreign: Finding[];
  /** How many records each adjustment key of the rulebook applies to. */
  adjusted: Record<string, number>;
  entities: Record<CheckedEntity, EntityCount>;
  ok: boolean;
}

export type FindingKind = 'lost' | 'doubled' | 'different' | 'foreign';

/** A finding as the rules state it: values still in their own shapes. */
export interface Statement {
  entity: CheckedEntity;
  scope: Scope;
  sourceId?: number | string | null;
  targetId?: number | string | null;
  field?: string;
  source?: unknown;
  expected?: unknown;
  target?: unknown;
  rule: string;
}

export interface ReportChoice {
  scopes: ReadonlySet<Scope>;
  entities: ReadonlySet<CheckedEntity>;
  allowForeign: boolean;
}

/** Collects findings of the entities and scopes asked for; the others are dropped. */
export class ReportBuilder {
  readonly #choice: ReportChoice;
  readonly #found: Record<FindingKind, Finding[]> = { lost: [], doubled: [], different: [], foreign: [] };
  readonly #adjusted: Record<string, number> = {};
  readonly #entities = Object.fromEntries(
    ENTITIES.map((entity) => [entity, { source: 0, target: 0, adjusted: 0, failed: 0 }]),
  ) as Record<CheckedEntity, EntityCount>;

  constructor(choice: ReportChoice) {
    this.#choice = choice;
  }

  add(kind: FindingKind, statement: Statement): void {
    const { scope, entity } = statement;
    if (!this.#choice.scopes.has(scope) || !this.#choice.entities.has(entity)) return;
    this.#found[kind].push(findingOf(statement));
  }

  count(entity: CheckedEntity, what: keyof EntityCount, by = 1): void {
    if (this.#choice.entities.has(entity)) this.#entities[entity][what] += by;
  }

  adjust(entity: CheckedEntity, keys: Iterable<string>): void {
    const distinct = new Set(keys);
    if (distinct.size === 0 || !this.#choice.entities.has(entity)) return;
    this.#entities[entity].adjusted += 1;
    for (const key of distinct) this.#adjusted[key] = (this.#adjusted[key] ?? 0) + 1;
  }

  build(): Report {
    const { lost, doubled, different, foreign } = this.#found;
    const wrong = lost.length + doubled.length + different.length + (this.#choice.allowForeign ? 0 : foreign.length);
    const adjusted = Object.fromEntries(Object.entries(this.#adjusted).sort(([a], [b]) => (a < b ? -1 : 1)));
    return { lost, doubled, different, foreign, adjusted, entities: this.#entities, ok: wrong === 0 };
  }
}

function findingOf(statement: Statement): Finding {
  const [source, expected, target] = [shown(statement.source), shown(statement.expected), shown(statement.target)];
  const from = firstDifference(expected, target);
  return {
    entity: statement.entity,
    scope: statement.scope,
    sourceId: statement.sourceId == null ? null : String(statement.sourceId),
    targetId: statement.targetId == null ? null : String(statement.targetId),
    field: statement.field ?? '',
    source: cut(source, 0),
    expected: cut(expected, from),
    target: cut(target, from),
    rule: statement.rule,
  };
}

const MOST_SHOWN = 200;

function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : (JSON.stringify(value) ?? '');
}

/** Long values are shown from shortly before the place where they part. */
function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at < MOST_SHOWN / 2 ? 0 : at - MOST_SHOWN / 4;
}

function cut(value: string, from: number): string {
  const part = from === 0 ? value : `…${value.slice(from)}`;
  return part.length <= MOST_SHOWN ? part : `${part.slice(0, MOST_SHOWN - 1)}…`;
}
