/** What somebody said and signed (room `consent`): read as strictly as there, and held against its signer. */
import { type Bytes } from './bytes';
import { decode, digest, fields, type Fields } from './canonical';
import type { Member } from './member';
import { isPerson } from './member';
import { check } from './refusal';
import { RECORD, verifySigned } from './signed';
import type { Trust } from './trust';

const FORM = 'mizuhiki-statement-1';
const TOLERANCE = 300_000;
const DAY = 86_400_000;
const MAX_SIGNED = 256 << 10;
const ID = (v: string) => /^[0-9a-f]{64}$/.test(v);
const WORD = (v: string) => /^[a-z][a-z0-9-]{0,63}$/.test(v);
const NONCE = (v: string) => /^[0-9a-f]{32}$/.test(v);
const TIME = (v: string) => /^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(v)
  && Number.isFinite(Date.parse(v)) && new Date(v).toISOString().replace('.000', '') === v;
const IDS = (v: string) => v === '' || (v.split(',').every(ID) && v.split(',').length <= 256 && new Set(v.split(',')).size === v.split(',').length);
const CODE = (v: string) => /^(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{8}$/.test(v);
const ONWARD = (v: string) => v === '1' || v === '2';

type Field = (value: string) => boolean;
/** Every kind with its own fields; `?` marks those that may be absent. Nothing else may stand in a statement. */
const FORMS: Record<string, Record<string, Field>> = {
  'care-relation': { professional: isPerson, patient: isPerson, until: TIME },
  'letter-sealed': { owner: isPerson, letter: ID, objects: IDS },
  'lateral-grant': { reader: isPerson, owner: isPerson, letter: ID, slot: ID, purpose: WORD, until: TIME, 'under?': ID, 'onward?': ONWARD },
  veto: { bars: isPerson },
  'veto-lifted': { lifts: ID },
  'provisional-registration': { patient: isPerson, supervisor: isPerson, evidence: ID, picture: ID, key: ID, until: TIME },
  'provisional-confirmation': { patient: isPerson, registration: ID },
  'letter-resealed': { owner: isPerson, letter: ID, key: ID, slot: ID },
  'emergency-access': { card: ID, key: ID, until: TIME },
  'emergency-opening': {
    patient: isPerson, access: ID, institution: CODE, terminal: ID, presence: ID, reason: WORD, until: TIME,
  },
  revocation: { ends: ID, reason: WORD },
  disclosure: { owner: isPerson, letter: ID, 'grant?': ID, purpose: WORD },
};
const KINDS = new Map(Object.entries(FORMS));
const COMMON: Record<string, Field> = { form: (v) => v === FORM, by: isPerson, at: TIME, nonce: NONCE };

export type Statement = { id: string; kind: string; by: string; at: number; record: Fields };

export type Attested = { statement: Statement; signer: Member; stampedAt: number };

/** @throws Refusal `statement-malformed` */
export function readStatement(record: Fields): Statement {
  const own = KINDS.get(record.get('kind') ?? '');
  check('statement-malformed', own !== undefined);
  const all: Record<string, Field> = { ...COMMON, ...own, kind: () => true };
  const known = new Set<string>();
  for (const [name, fits] of Object.entries(all)) {
    const key = name.replace('?', '');
    const value = record.get(key);
    known.add(key);
    check('statement-malformed', value === undefined ? name.endsWith('?') : fits(value));
  }
  check('statement-malformed', [...record.keys()].every((key) => known.has(key)));
  checkParties(record);
  return {
    id: digest(record), kind: record.get('kind')!, by: record.get('by')!, at: Date.parse(record.get('at')!), record,
  };
}

/** People who must be others than each other; whoever ends before they begin said nothing. */
function checkParties(record: Fields): void {
  const of = (name: string) => record.get(name);
  const by = of('by');
  const different: Record<string, (string | undefined)[]> = {
    'letter-sealed': [by, of('owner')],
    'letter-resealed': [by, of('owner')],
    'lateral-grant': [of('reader'), of('owner'), ...(isDelegation(record) ? [] : [by])],
    veto: [by, of('bars')],
    'emergency-opening': [by, of('patient')],
    'care-relation': [of('professional'), of('patient')],
    'provisional-registration': [by, of('patient'), of('supervisor')],
  };
  const people = different[of('kind')!] ?? [];
  check('statement-malformed', new Set(people).size === people.length && (of('kind') !== 'lateral-grant' || of('reader') !== by));
  if (of('kind') === 'care-relation') {
    check('statement-malformed', people.includes(by));
  }
  const until = of('until');
  check('statement-malformed', until === undefined || Date.parse(until) > Date.parse(of('at')!));
}

/** The owner's own grant, to a delegate: it rests on none and goes no further. */
function isDelegation(record: Fields): boolean {
  return record.get('by') === record.get('owner') && !record.has('under') && !record.has('onward');
}

/** Signature, stamp, signer, time and life. @param now milliseconds */
export async function checkStatement(signed: Bytes, trust: Trust, now: number): Promise<Attested> {
  check('statement-malformed', signed.length <= MAX_SIGNED);
  const verified = await verifySigned(signed, RECORD);
  const statement = readStatement(decode(verified.content));
  await trust.check(verified.stampChain, 'stamp', verified.stampedAt);
  const signer = await trust.check(verified.chain, 'sign', verified.stampedAt);
  check('statement-signer', signer.kind !== 'server' && signer.id === statement.by);
  check('statement-not-professional', !needsProfessional(statement) || signer.kind === 'professional');
  const apart = Math.abs(statement.at - verified.stampedAt);
  check('statement-time', apart <= TOLERANCE && statement.at <= now + TOLERANCE);
  checkLife(statement);
  return { statement, signer, stampedAt: verified.stampedAt };
}

/** Whether a reader under a grant has to be a professional follows from the grant, as in room `consent`. */
function needsProfessional(s: Statement): boolean {
  switch (s.kind) {
    case 'letter-sealed': case 'letter-resealed': case 'provisional-registration': case 'emergency-opening':
      return true;
    case 'lateral-grant':
      return s.by !== s.record.get('owner');
    case 'provisional-confirmation':
      return s.by !== s.record.get('patient');
    case 'care-relation':
      return s.by === s.record.get('professional');
    default:
      return false;
  }
}

function checkLife(s: Statement): void {
  const until = s.record.get('until');
  if (until === undefined) {
    return;
  }
  const years = new Date(s.at);
  years.setUTCFullYear(years.getUTCFullYear() + 5);
  const longest: Record<string, number> = {
    'lateral-grant': s.at + 90 * DAY, 'provisional-registration': s.at + 31 * DAY, 'care-relation': years.getTime(),
    'emergency-access': years.getTime(), 'emergency-opening': s.at + DAY,
  };
  check('statement-too-long', Date.parse(until) <= (longest[s.kind] ?? 0));
}

/** A statement of one's own. @param now milliseconds @param nonce 32 hexadecimal digits @throws Refusal `statement-malformed` */
export function stated(kind: string, by: string, own: Record<string, string>, now: number, nonce: string): Fields {
  const at = new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000', '');
  const record = fields({ ...own, form: FORM, kind, by, at, nonce });
  readStatement(record);
  return record;
}

/** "I am opening this letter": of its owner. */
export function disclosure(owner: string, letter: string, now: number, nonce: string): Fields {
  return stated('disclosure', owner, { owner, letter, purpose: 'own' }, now, nonce);
}
