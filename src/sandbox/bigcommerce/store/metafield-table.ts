import type { MetafieldRow } from './rows.ts';

type Owner = Pick<MetafieldRow, 'resource' | 'resource_id'>;

/** Every metafield by its id, and by its owner, so that neither a list of one record's nor its end costs a scan. */
export class MetafieldTable extends Map<number, MetafieldRow> {
  readonly #owners = new Map<string, Map<number, MetafieldRow>>();

  override set(id: number, row: MetafieldRow): this {
    const key = ownerKey(row);
    const rows = this.#owners.get(key) ?? new Map<number, MetafieldRow>();
    this.#owners.set(key, rows.set(id, row));
    return super.set(id, row);
  }

  override delete(id: number): boolean {
    const row = this.get(id);
    if (row !== undefined) this.#owners.get(ownerKey(row))?.delete(id);
    return super.delete(id);
  }

  override clear(): void {
    this.#owners.clear();
    super.clear();
  }

  /** In the order in which they were made. */
  of(owner: Owner): MetafieldRow[] {
    return [...(this.#owners.get(ownerKey(owner))?.values() ?? [])];
  }
}

function ownerKey({ resource, resource_id: id }: Owner): string {
  return `${resource}\n${id}`;
}
