import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { z } from 'zod';
import { SettingsError, showValue } from './settings-error.ts';
import type { SettingProblem } from './settings-error.ts';
import { fileSchema } from './schema.ts';
import type { FileSettings } from './schema.ts';

type Path = readonly PropertyKey[];

/** Reads and checks a settings file. Throws SettingsError with a line number for each problem. */
export function readSettingsFile(file: string): FileSettings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const value = (error as NodeJS.ErrnoException).code ?? 'not readable';
    throw new SettingsError([{ source: file, key: 'the file', value, allowed: 'a readable YAML file' }]);
  }
  return parseSettings(text, basename(file));
}

/** Checks the text of a settings file; `source` is the name under which problems are reported. */
export function parseSettings(text: string, source: string): FileSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const malformed = document.errors.map((error) => ({
    source: `${source}:${lines.linePos(error.pos[0]).line}`,
    key: 'the text',
    value: `malformed (${(error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')})`,
    allowed: 'well-formed YAML',
  }));
  if (malformed.length > 0) throw new SettingsError(malformed);
  const given: unknown = document.toJS() ?? {};
  const result = fileSchema.safeParse(given);
  if (result.success) return result.data;
  const lineOf = (path: Path) => lineOfPath(document, lines, path);
  throw new SettingsError(result.error.issues.flatMap((issue) => problemsOf(issue, given, source, lineOf)));
}

function problemsOf(
  issue: z.core.$ZodIssue,
  given: unknown,
  source: string,
  lineOf: (path: Path) => number | undefined,
): SettingProblem[] {
  const at = (path: Path) => {
    const line = lineOf(path);
    return line === undefined ? source : `${source}:${line}`;
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      source: at([...issue.path, key]),
      key: [...issue.path, key].join('.'),
      value: 'not a setting',
      allowed: allowedKeys(issue.path).join(', '),
    }));
  }
  const value = showValue(issue.code === 'custom' ? issue.params?.['value'] : valueAt(given, issue.path));
  return [{ source: at(issue.path), key: issue.path.join('.') || 'the text', value, allowed: allowedBy(issue) }];
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  const keys = allowedKeys(issue.path);
  return keys.length > 0 ? `a section with the keys ${keys.join(', ')}` : issue.message;
}

function valueAt(given: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[String(key)] : undefined), given);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function allowedKeys(path: Path): string[] {
  let schema: unknown = fileSchema;
  for (const key of path) schema = shapeOf(schema)[String(key)];
  return Object.keys(shapeOf(schema));
}

function shapeOf(schema: unknown): Record<string, unknown> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault) return shapeOf(schema.unwrap());
  return {};
}

/** The line of the deepest part of a path that the file really holds. */
function lineOfPath(document: Document, lines: LineCounter, path: Path): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isRecord(node) && Array.isArray(node['range'])) return lines.linePos(Number(node['range'][0])).line;
  }
  return undefined;
}
