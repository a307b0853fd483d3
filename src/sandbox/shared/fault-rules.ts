import { z } from 'zod';
import type { Random } from './random.ts';

const when = z.enum(['before', 'after']);
const expressionMark = /^\^|[[\](){}*+?|\\$]/;
const expression = z.string().refine(compiles, 'not a valid regular expression');

/**
 * What goes wrong. `before` and `after` say whether the write was applied when it does.
 * A rule's `route` is a regular expression when it starts with `^` or holds a character that paths do not have,
 * else the beginning of the path. `query` is a regular expression on the query string.
 */
export const faultRule = z.strictObject({
  id: z.string().min(1).optional(),
  /** Comma-separated; missing means every method. */
  method: z.string().optional(),
  route: expression.default('/'),
  query: expression.optional(),
  rate: z.number().min(0).max(1).default(1),
  /** How often the rule may fire; missing means for ever. */
  times: z.number().int().positive().optional(),
  /** How many matching requests pass before the rule can fire. */
  skip: z.number().int().nonnegative().default(0),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('status'),
      code: z.number().int().min(100).max(599),
      when: when.default('before'),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
    }),
    z.strictObject({
      kind: z.literal('drop'),
      applied: z.enum(['now', 'later', 'never']).default('now'),
      /** Capped at the sandbox's lateCommitLimitMs; missing means a seeded value up to that limit. */
      lateMs: z.number().int().nonnegative().optional(),
    }),
    z.strictObject({ kind: z.literal('hang'), applied: z.boolean().default(false) }),
    z.strictObject({ kind: z.literal('slow'), ms: z.number().int().nonnegative(), when: when.default('before') }),
    z.strictObject({ kind: z.literal('truncate') }),
    z.strictObject({
      kind: z.literal('html'),
      code: z.number().int().min(100).max(599).default(200),
      when: when.default('before'),
      html: z.string().default('<!DOCTYPE html><html><head><title>Just a moment</title></head><body></body></html>'),
    }),
  ]),
});

export type FaultRuleInput = z.input<typeof faultRule>;
type FaultRule = z.output<typeof faultRule> & { id: string };
export type Fault = FaultRule['fault'];
interface FaultRuleState extends FaultRule {
  seen: number;
  fired: number;
}

/** The rules in force. The first rule that fires decides; at most one fault per request. */
export interface FaultRules {
  add(rules: readonly FaultRuleInput[]): FaultRuleState[];
  /** Removes one rule, or all of them. */
  remove(id?: string): void;
  list(): FaultRuleState[];
  decide(request: { method: string; path: string; query: string }): FaultRuleState | null;
}

function compiles(text: string): boolean {
  if (!expressionMark.test(text)) return true;
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function matches(rule: FaultRule, request: { method: string; path: string; query: string }): boolean {
  if (rule.method && !rule.method.toUpperCase().split(',').includes(request.method)) return false;
  if (rule.query && !new RegExp(rule.query).test(request.query)) return false;
  return expressionMark.test(rule.route)
    ? new RegExp(rule.route).test(request.path)
    : request.path.startsWith(rule.route);
}

export function createFaultRules(random: Random): FaultRules {
  let rules: FaultRuleState[] = [];
  let nextId = 1;
  return {
    add: (given) => {
      const added = given.map((input) => {
        const rule = faultRule.parse(input);
        return { ...rule, id: rule.id ?? `fault-${nextId++}`, seen: 0, fired: 0 };
      });
      const ids = new Set(added.map((rule) => rule.id));
      rules = [...rules.filter((rule) => !ids.has(rule.id)), ...added];
      return added;
    },
    remove: (id) => {
      rules = id === undefined ? [] : rules.filter((rule) => rule.id !== id);
    },
    list: () => rules.map((rule) => ({ ...rule })),
    decide: (request) => {
      for (const rule of rules) {
        if (rule.times !== undefined && rule.fired >= rule.times) continue;
        if (!matches(rule, request)) continue;
        rule.seen += 1;
        if (rule.seen <= rule.skip || !random.chance(rule.rate)) continue;
        rule.fired += 1;
        return rule;
      }
      return null;
    },
  };
}
