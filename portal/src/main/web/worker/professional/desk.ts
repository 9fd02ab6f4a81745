/** What a professional's work begins with: who it is, what is said about a letter, and saying something oneself. */
import type { Bytes } from '../../crypto/bytes';
import { decode, type Fields } from '../../crypto/canonical';
import type { Member } from '../../crypto/member';
import { check, Refusal } from '../../crypto/refusal';
import { RECORD, verifySigned } from '../../crypto/signed';
import type { Attested } from '../../crypto/statement';
import { HASH } from '../region';
import type { Inside } from '../session';
import { Shape } from '../shape';
import { fresh, TEMPORARY } from '../statements';
import { must } from './denied';

/** A professional who is logged in. */
export type Desk = Inside & { me: Professional };
export type Professional = Extract<Member, { kind: 'professional' }>;

/** @throws Refusal `not-a-professional` */
export function deskOf(inside: Inside): Desk {
  must('not-a-professional', inside.member.kind === 'professional');
  return { ...inside, me: inside.member };
}

/** Speaks of whole seconds, and carries 128 random bits, so that its digest in the ledger tells outsiders nothing. */
export function statement(kind: string, by: string, own: Record<string, string>): Fields {
  const named = { form: 'mizuhiki-statement-1', kind, by, at: second(Date.now()), nonce: fresh() };
  return new Map(Object.entries({ ...named, ...own }));
}

export function second(at: number): string {
  return new Date(Math.floor(at / 1000) * 1000).toISOString().replace('.000', '');
}

/**
 * The statements of one letter. A disclosure that does not hold permits nothing, and must keep nobody from the letter;
 * everything else must hold: what is garbled may have ended something.
 */
export async function about(desk: Desk, letter: string): Promise<Attested[]> {
  check('letter-unknown', HASH.test(letter));
  const answer = await desk.region.keys.json(`/v1/letters/${letter}/statements`, { as: desk.ring });
  const found: Attested[] = [];
  for (const filed of Shape.of(answer).list('statements')) {
    const signed = await filed.bytes('signed');
    try {
      found.push(await desk.statements.checked(signed));
    } catch (e) {
      if (!(e instanceof Refusal) || TEMPORARY.has(e.code) || (await kindOf(signed)) !== 'disclosure') {
        throw e;
      }
    }
  }
  return once(found);
}

async function kindOf(signed: Bytes): Promise<string | undefined> {
  try {
    return decode((await verifySigned(signed, RECORD)).content).get('kind');
  } catch {
    return undefined;
  }
}

/** A server that tells one twice must not make two of it. */
export function once(all: Attested[]): Attested[] {
  return [...new Map(all.map((a) => [a.statement.id, a])).values()];
}

/** The one statement of its author about this letter. @throws Refusal `letter-unknown`, `letter-disputed` */
export function sealing(letter: string, all: Attested[]): Attested {
  const found = all.filter((a) => a.statement.kind === 'letter-sealed' && a.statement.record.get('letter') === letter);
  check('letter-unknown', found.length > 0);
  check('letter-disputed', new Set(found.map((a) => a.statement.id)).size === 1);
  return found[0]!;
}

export const field = (of: Attested, name: string): string => of.statement.record.get(name) ?? '';
export const kind = (all: Attested[], wanted: string): Attested[] => all.filter((a) => a.statement.kind === wanted);
