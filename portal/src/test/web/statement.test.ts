import { expect, test } from 'vitest';
import { decode, encode, fields } from '../../main/web/crypto/canonical';
import { utf8 } from '../../main/web/crypto/bytes';
import { disclosure, readStatement } from '../../main/web/crypto/statement';

const OWNER = 'P-2345-6789-ABCD';
const LETTER = 'ab'.repeat(32);
const record = () => Object.fromEntries(disclosure(OWNER, LETTER, Date.parse('2026-11-23T11:00:00.700Z'), '0'.repeat(32)));

test('a disclosure of the owner has the one form that servers read', () => {
  expect(record()).toEqual({
    form: 'mizuhiki-statement-1', kind: 'disclosure', by: OWNER, owner: OWNER, letter: LETTER, purpose: 'own',
    at: '2026-11-23T11:00:00Z', nonce: '0'.repeat(32),
  });
});

test('a statement with a field too many, too few, or of another spelling is refused', () => {
  const broken: Record<string, string>[] = [
    { ...record(), surplus: '' }, { ...record(), at: '2026-11-23T11:00:00.0Z' }, { ...record(), at: '2026-02-30T11:00:00Z' },
    ...['2026-13-01T11:00:00Z', '2026-00-01T11:00:00Z', '2026-11-32T11:00:00Z', '2026-11-23T25:00:00Z', '2026-11-23T11:60:00Z', '2026-11-23T11:00:60Z']
      .map((at) => ({ ...record(), at })),
    { ...record(), letter: LETTER.toUpperCase() }, { ...record(), kind: 'constructor' }, { ...record(), kind: 'toString' },
    { ...record(), form: 'other' }, { ...record(), purpose: 'free text' }, { ...record(), grant: '' },
  ];
  const { nonce: _, ...without } = record();
  for (const one of [...broken, without]) {
    expect(() => readStatement(fields(one))).toThrow('statement-malformed');
  }
});

test('an owner lets a delegate read, who is somebody else and passes nothing on', () => {
  const grant = (change: Record<string, string>) => () => readStatement(fields({
    form: 'mizuhiki-statement-1', kind: 'lateral-grant', by: OWNER, owner: OWNER, reader: 'P-3333-3333-3333', letter: LETTER, slot: LETTER,
    purpose: 'delegate-some', at: '2026-11-23T11:00:00Z', until: '2026-12-23T11:00:00Z', nonce: '0'.repeat(32), ...change,
  }));
  expect(grant({})).not.toThrow();
  expect(grant({ by: 'P-4444-4444-4444', onward: '1' })).not.toThrow();
  for (const change of [{ onward: '1' }, { under: LETTER }, { reader: OWNER }, { by: 'P-3333-3333-3333' }] as Record<string, string>[]) {
    expect(grant(change)).toThrow('statement-malformed');
  }
});

test('a record has one spelling only', () => {
  expect(decode(encode(fields({ b: 'é"\n', a: '' })))).toEqual(new Map([['a', ''], ['b', 'é"\n']]));
  for (const other of ['{"b":"","a":""}', '{"a":"" }', '{"a":"","a":""}', '{"a":"\\u0041"}', '{"a":1}', '[]', 'null', '']) {
    expect(() => decode(utf8(other))).toThrow('record-malformed');
  }
});

const GRANT = {
  form: 'mizuhiki-statement-1', kind: 'lateral-grant', by: OWNER, owner: OWNER, reader: 'P-2345-6789-ABCE', letter: LETTER,
  slot: LETTER, purpose: 'delegate-all', at: '2026-11-23T11:00:00Z', until: '2026-11-24T11:00:00Z', nonce: '0'.repeat(32),
};
const OPENING = {
  form: 'mizuhiki-statement-1', kind: 'emergency-opening', by: 'P-2345-6789-ABCE', patient: OWNER, access: LETTER,
  institution: '1311234567', terminal: LETTER, presence: LETTER, reason: 'unconscious', at: '2026-11-23T11:00:00Z',
  until: '2026-11-23T12:00:00Z', nonce: '0'.repeat(32),
};

test("the owner's own grant names two people, rests on none and goes no further", () => {
  expect(readStatement(fields(GRANT)).kind).toBe('lateral-grant');
  const more: Record<string, string>[] = [{ under: LETTER }, { onward: '1' }, { reader: OWNER }];
  for (const one of more) {
    expect(() => readStatement(fields({ ...GRANT, ...one }))).toThrow('statement-malformed');
  }
});

test("an emergency opening is of a letter's owner, by somebody else, at an institution", () => {
  expect(readStatement(fields(OPENING)).kind).toBe('emergency-opening');
  const others: Record<string, string>[] = [{ patient: OPENING.by }, { institution: '9911234567' }, { reason: 'in words' }];
  for (const other of others) {
    expect(() => readStatement(fields({ ...OPENING, ...other }))).toThrow('statement-malformed');
  }
});
