/** What colleagues opened to this professional, and what this professional wrote: as it was signed, not as a server lists it. */
import { mayEnd } from '../../crypto/statute';
import type { Attested } from '../../crypto/statement';
import type { PlainRefusal } from '../../crypto/refusal';
import type { Heard } from '../statements';
import { field, kind, type Desk } from './desk';

export type State = 'standing' | 'ended' | 'over';
/** @property from who opened it to me @property until when the grant is over @property opened how often by me */
export type Arrived = {
  letter: string; grant: string; from: { name: string; institution: string }; patient: string; purpose: string;
  at: number; until: number; state: State; opened: number;
};
/** @property readers to whom it was opened */
export type Sent = { letter: string; patient: string; at: number; readers: { grant: string; reader: string; until: number; state: State; opened: number }[] };
export type Work = { arrived: Arrived[]; sent: Sent[]; broken: PlainRefusal[] };

export async function inbox(desk: Desk): Promise<Work> {
  const heard = await desk.statements.involving();
  const ended = endings(heard);
  const state = (grant: Attested): State =>
    ended.has(grant.statement.id) ? 'ended' : Date.now() < Date.parse(field(grant, 'until')) ? 'standing' : 'over';
  const opened = (letter: string, by: string) =>
    kind(heard.all, 'disclosure').filter((d) => field(d, 'letter') === letter && d.statement.by === by).length;
  const grants = kind(heard.all, 'lateral-grant');
  const arrived = grants.filter((g) => field(g, 'reader') === desk.me.id).map((g) => ({
    letter: field(g, 'letter'), grant: g.statement.id, from: called(g), patient: field(g, 'owner'), purpose: field(g, 'purpose'),
    at: g.stampedAt, until: Date.parse(field(g, 'until')), state: state(g), opened: opened(field(g, 'letter'), desk.me.id),
  }));
  const sent = kind(heard.all, 'letter-sealed').filter((s) => s.statement.by === desk.me.id).map((s) => {
    const letter = field(s, 'letter');
    const readers = grants.filter((g) => field(g, 'letter') === letter).map((g) => ({
      grant: g.statement.id, reader: field(g, 'reader'), until: Date.parse(field(g, 'until')), state: state(g),
      opened: opened(letter, field(g, 'reader')),
    }));
    return { letter, patient: field(s, 'owner'), at: s.stampedAt, readers };
  });
  const newest = <T extends { at: number }>(all: T[]) => all.sort((a, b) => b.at - a.at);
  return { arrived: newest(arrived), sent: newest(sent), broken: heard.broken };
}

/** IDs of what somebody entitled has ended. */
export function endings(heard: Heard): Set<string> {
  const byId = new Map(heard.all.map((a) => [a.statement.id, a.statement]));
  const ends = kind(heard.all, 'revocation').filter((r) => {
    const ended = byId.get(field(r, 'ends'));
    return ended !== undefined && mayEnd(r.statement.by, ended);
  });
  return new Set(ends.map((r) => field(r, 'ends')));
}

function called(of: Attested): { name: string; institution: string } {
  return of.signer.kind === 'professional' ? { name: of.signer.name, institution: of.signer.institution } : { name: '', institution: '' };
}
