/** What a sandbox store counts of the requests that it got. */
export interface Journal {
  readonly total: number;
  /** `METHOD route` → requests. */
  readonly byRoute: Readonly<Record<string, number>>;
  /** `METHOD route status` → requests. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** `METHOD route?names of parameters` → requests. */
  readonly byQuery: Readonly<Record<string, number>>;
  readonly requests: readonly { readonly at: string; readonly method: string; readonly status: number | null }[];
}

export async function readJournal(url: string): Promise<Journal> {
  return (await ask(url, 'requests')) as Journal;
}

export async function forgetRequests(url: string): Promise<void> {
  await ask(url, 'requests', 'DELETE');
}

/** Sets what is added to every reply, and returns what the store says it adds. */
export async function setLatency(url: string, latencyMs: number): Promise<number> {
  const limits = (await ask(url, 'limits', 'POST', { latencyMs })) as { latencyMs: number };
  return limits.latencyMs;
}

export async function setQuota(url: string, quota: { quota: number; windowMs: number }): Promise<void> {
  await ask(url, 'quota', 'POST', quota);
}

export async function ask(url: string, what: string, method = 'GET', body?: object): Promise<unknown> {
  const reply = await fetch(`${url}/__admin/${what}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!reply.ok)
    throw new Error(`${method} ${what} of ${url}: expected 200, got ${reply.status}: ${await reply.text()}`);
  return reply.json();
}
