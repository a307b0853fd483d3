/** The answer of a list's last page with the rows of all pages: `next` is null. */
export type WholeList<Name extends string, Row> = { readonly [list in Name]: readonly Row[] } & {
  readonly next: null;
};

export type Query = Readonly<Record<string, string | number>>;

/** The most that any list of the API gives at once. */
const PAGE_ROWS = 200;
/** Newest first: these go on before what was seen last; the others after it. */
const NEWEST_FIRST = new Set(['runs', 'decisions', 'alerts']);

/**
 * Follows a list to its end.
 * @param ask one page, by its query string
 * @param name the list in the answer: `failures`
 */
export async function wholeList<Name extends string, Row>(
  ask: (query: string) => Promise<Readonly<Record<string, unknown>>>,
  name: Name,
  query: Query = {},
): Promise<WholeList<Name, Row>> {
  const rows: Row[] = [];
  for (let cursor: Query = {}; ;) {
    const asked = new URLSearchParams({ limit: String(PAGE_ROWS) });
    for (const [key, value] of Object.entries({ ...query, ...cursor })) asked.set(key, String(value));
    const page = await ask(asked.toString());
    rows.push(...(page[name] as readonly Row[]));
    const next = page['next'] as string | number | null;
    if (next === null) return { ...page, [name]: rows, next } as unknown as WholeList<Name, Row>;
    cursor = { [NEWEST_FIRST.has(name) ? 'before' : 'after']: next };
  }
}
