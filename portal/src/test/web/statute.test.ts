import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { digest } from '../../main/web/crypto/canonical';
import type { Statement } from '../../main/web/crypto/statement';
import { Case, RULES } from '../../main/web/crypto/statute';

type World = { said: Record<string, string>[]; asks: [who: string, about: string, now: string, answer: string][] };
const worlds: World[] = readFileSync(new URL('../statute.jsonl', import.meta.url), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

function statement(fields: Record<string, string>): Statement {
  const record = new Map(Object.entries(fields));
  return { id: digest(record), kind: fields.kind!, by: fields.by!, at: Date.parse(fields.at!), record };
}

function answer(said: Statement[], who: string, about: string, now: string): string {
  const one = new Case(said);
  if (about.startsWith('P-')) {
    return one.related(who, about, Date.parse(now)) ? 'related' : 'not-related';
  }
  const decision = one.mayOpen(who, about, Date.parse(now));
  return 'rule' in decision ? decision.rule : 'permitted';
}

test('the worker decides as the statute does, in every little world and by every rule', () => {
  const seen = new Set<string>();
  for (const world of worlds) {
    const said = world.said.map(statement);
    for (const [who, about, now, wanted] of world.asks) {
      expect(answer(said, who, about, now), JSON.stringify({ who, about, now, said: world.said })).toBe(wanted);
      seen.add(wanted);
    }
  }
  expect(worlds.length).toBeGreaterThan(50);
  expect(RULES.filter((rule) => !seen.has(rule))).toEqual([]);
});

test('neither order nor repetition of what was said changes an answer', () => {
  for (const world of worlds) {
    const said = world.said.map(statement);
    for (const [who, about, now, wanted] of world.asks) {
      expect(answer([...said, ...said].reverse(), who, about, now)).toBe(wanted);
    }
  }
});
