/** Care relations (認証): stand when the professional proposed and the patient accepted; both can end them. Room `pocket`, Relations. */
import { Case } from '../../crypto/statute';
import type { Attested } from '../../crypto/statement';
import type { PlainRefusal } from '../../crypto/refusal';
import { proven } from '../region';
import { Shape } from '../shape';
import { must } from './denied';
import { field, kind, second, statement, type Desk } from './desk';
import { endings } from './inbox';
import { find } from './people';

export type Standing = 'proposed' | 'standing' | 'ended' | 'over';
export type Relation = { patient: string; state: Standing; until: number; letters: number };

/** The professional's half. @param days how long @return the ledger's entry */
export async function propose(desk: Desk, patient: string, days: number): Promise<{ index: number }> {
  // 1. the ID is somebody's: a mistyped one would wait for ever
  const { who } = await find(desk, patient);
  must('not-a-patient', who.kind !== 'server' && who.id !== desk.me.id);
  // 2. say it, log it
  const until = second(Date.now() + days * 86_400_000);
  return say(desk, 'care-relation', { professional: desk.me.id, patient, until });
}

/** Ends a relation, or takes a proposal back. */
export async function end(desk: Desk, patient: string, reason: string): Promise<{ ended: number }> {
  const heard = await desk.statements.involving();
  const over = endings(heard);
  const halves = between(heard.all, desk.me.id, patient)
    .filter((h) => !over.has(h.statement.id) && Date.parse(field(h, 'until')) > Date.now());
  must('relation-unknown', halves.length > 0);
  for (const half of halves) {
    await say(desk, 'revocation', { ends: half.statement.id, reason });
  }
  return { ended: halves.length };
}

async function say(desk: Desk, what: string, own: Record<string, string>): Promise<{ index: number }> {
  const said = await desk.statements.signed(statement(what, desk.me.id, own));
  await desk.region.keys.post('/v1/statements', { signed: said.signed }, desk.ring);
  const { index } = await proven(desk.region, what, said.id);
  return { index };
}

/** All relations of this professional. What does not hold may have ended one: then nothing is shown as standing. */
export async function relations(desk: Desk): Promise<{ relations: Relation[]; broken: PlainRefusal[] }> {
  const heard = await desk.statements.involving();
  const over = endings(heard);
  const said = new Case(heard.all.map((a) => a.statement));
  const patients = new Set(kind(heard.all, 'care-relation').filter((r) => field(r, 'professional') === desk.me.id).map((r) => field(r, 'patient')));
  const found = [...patients].map((patient): Relation => {
    const halves = between(heard.all, desk.me.id, patient);
    const open = halves.filter((h) => !over.has(h.statement.id));
    const proposed = open.some((h) => h.statement.by === desk.me.id && Date.parse(field(h, 'until')) > Date.now());
    const stands = said.related(desk.me.id, patient, Date.now()) && heard.broken.length === 0;
    return {
      patient, state: stands ? 'standing' : open.length === 0 ? 'ended' : proposed ? 'proposed' : 'over',
      until: Math.max(...halves.map((h) => Date.parse(field(h, 'until')))),
      letters: kind(heard.all, 'letter-sealed').filter((s) => s.statement.by === desk.me.id && field(s, 'owner') === patient).length,
    };
  });
  return { relations: found, broken: heard.broken };
}

function between(all: Attested[], professional: string, patient: string): Attested[] {
  return kind(all, 'care-relation').filter((r) => field(r, 'professional') === professional && field(r, 'patient') === patient);
}

/** Whether letters about this patient can be sent now. Every statement must hold: a garbled one may be an ending. */
export async function stands(desk: Desk, patient: string): Promise<boolean> {
  const answer = await desk.region.keys.json(`/v1/relations/${patient}/statements`, { as: desk.ring });
  const said: Attested[] = [];
  for (const filed of Shape.of(answer).list('statements')) {
    said.push(await desk.statements.checked(await filed.bytes('signed')));
  }
  return new Case(said.map((a) => a.statement)).related(desk.me.id, patient, Date.now());
}
