/** A person's pocket: the letters about that person, and who opened which of them when. */
import type { PlainRefusal } from '../crypto/refusal';
import type { Attested } from '../crypto/statement';
import type { Inside } from './session';
import { who, type Who } from './statements';

export type Entry = { letter: string; from: Who; at: number; openings: number };
export type Pocket = { letters: Entry[]; broken: PlainRefusal[] };
export type Opening = { id: string; letter: string; who: Who; own: boolean; at: number; purpose: string };
export type Trail = { openings: Opening[]; broken: PlainRefusal[] };

/** Newest first: what their authors signed, not what a server lists. */
export async function pocket({ person, statements }: Inside): Promise<Pocket> {
  const { all, broken } = await statements.involving();
  const openings = owned(all, 'disclosure', person);
  const letters = owned(all, 'letter-sealed', person).map((a) => ({
    letter: a.statement.record.get('letter')!, from: who(a.signer), at: a.stampedAt,
    openings: openings.filter((o) => o.statement.record.get('letter') === a.statement.record.get('letter')).length,
  }));
  return { letters, broken };
}

/** Newest first; by the time stamp, not by anybody's clock. */
export async function trail({ person, statements }: Inside): Promise<Trail> {
  const { all, broken } = await statements.involving();
  const openings = owned(all, 'disclosure', person).map((a) => ({
    id: a.statement.id, letter: a.statement.record.get('letter')!, who: who(a.signer), own: a.statement.by === person,
    at: a.stampedAt, purpose: a.statement.record.get('purpose')!,
  }));
  return { openings: openings.sort((a, b) => b.at - a.at), broken };
}

function owned(all: Attested[], kind: string, person: string): Attested[] {
  return all.filter((a) => a.statement.kind === kind && a.statement.record.get('owner') === person);
}
