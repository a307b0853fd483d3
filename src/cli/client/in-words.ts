import { isObject } from '../../domain/json.ts';

/** Columns beyond this are cut: the whole of it is in `--json`. */
const WIDEST = 60;

/** An answer of the API as a person reads it: names with values, and a table for each list. */
export function inWords(answer: unknown): string {
  if (!isObject(answer)) return `${wordOf(answer)}\n`;
  return `${linesOf(answer, '').join('\n')}\n`;
}

function linesOf(answer: Readonly<Record<string, unknown>>, indent: string): string[] {
  const entries = Object.entries(answer).filter(([, value]) => value !== null && value !== undefined);
  const plain = entries.filter(([, value]) => !isObject(value) && !isTable(value));
  const width = Math.max(0, ...plain.map(([name]) => name.length));
  return [
    ...plain.map(([name, value]) => `${indent}${name.padEnd(width)}  ${wordOf(value)}`),
    ...entries.flatMap(([name, value]) => {
      if (isTable(value)) return [`${indent}${name}`, ...tableOf(value).map((line) => `${indent}  ${line}`)];
      if (!isObject(value)) return [];
      const inner = linesOf(value, `${indent}  `);
      return inner.length === 0 ? [] : [`${indent}${name}`, ...inner];
    }),
  ];
}

type Row = Readonly<Record<string, unknown>>;

function tableOf(rows: readonly Row[]): string[] {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [names, ...rows.map((row) => names.map((name) => cut(wordOf(row[name]))))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ');
  return JSON.stringify(value);
}

function cut(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`;
}

function isTable(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isObject);
}
