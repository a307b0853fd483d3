/**
 * A raw state as lines of JSON, since one text cannot hold a store of 150,000 records: `{"name": part}` for what is no list, and for
 * a list `{"name": []}`, then `["name", row]` for each of its rows.
 */
export function* stateLines(parts: Iterable<readonly [string, unknown]>): Generator<string> {
  for (const [name, part] of parts) {
    if (part === undefined) continue;
    if (!Array.isArray(part)) {
      yield `${JSON.stringify({ [name]: part })}\n`;
      continue;
    }
    yield `${JSON.stringify({ [name]: [] })}\n`;
    for (const row of part as unknown[]) yield `${JSON.stringify([name, row])}\n`;
  }
}

const CHUNK = 256 * 1024;

/** The same text in pieces that are worth sending or writing. */
export function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Puts a state together again from pieces of its text. Throws SyntaxError for what is no JSON. */
export function createStateReader(): { take(chunk: string): void; end(): Record<string, unknown> | undefined } {
  const state: Record<string, unknown> = {};
  let rest = '';
  let isEmpty = true;
  const takeLine = (line: string): void => {
    if (line.trim() === '') return;
    isEmpty = false;
    const value = JSON.parse(line) as unknown;
    if (Array.isArray(value)) (state[String(value[0])] as unknown[]).push(value[1]);
    else Object.assign(state, value);
  };
  return {
    take(chunk) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line);
    },
    end() {
      takeLine(rest);
      rest = '';
      return isEmpty ? undefined : state;
    },
  };
}

/** The raw state of a running sandbox. Throws for an answer that is none. */
export async function fetchState(url: string): Promise<unknown> {
  const reply = await fetch(new URL('/__admin/state-lines', url));
  if (!reply.ok || reply.body === null) {
    throw new Error(`reading the raw state of ${url}: expected 200, got ${reply.status}`);
  }
  const reader = createStateReader();
  const decoder = new TextDecoder();
  for await (const chunk of reply.body) reader.take(decoder.decode(chunk as Uint8Array, { stream: true }));
  return reader.end();
}
