/** Who may read a person's letters, as the signed statements say, and the person's own word on it (rooms `consent`, `pocket`). */
import { stated, type Attested } from '../crypto/statement';
import { mayEnd } from '../crypto/statute';
import { check, type PlainRefusal } from '../crypto/refusal';
import { isPerson } from '../crypto/member';
import { proven } from './region';
import type { Inside } from './session';
import { fresh, who, type Heard, type Who } from './statements';

/** A grant that stands. @property from whose letter it is; @property by who gave it */
export type Given = { id: string; letter: string; from: Who; sealedAt: number; by: Who; own: boolean; purpose: string; until: number };
/** @property own opened by the person: reads in the person's name */
export type Reader = { who: Who; given: Given[] };
/** @property proposal the newest one that was not agreed to: its statement's ID, and its own `until` */
export type Relation = { with: Who; until: number } & ({ state: 'standing' } | { state: 'proposed'; proposal: string });
export type Permissions = { relations: Relation[]; readers: Reader[]; barred: Who[]; broken: PlainRefusal[] };

/** All that was said, and what of it counts. */
class Said {
  private readonly ended: Set<string>;
  private readonly names = new Map<string, Who>();

  constructor(private readonly all: Attested[], private readonly me: string) {
    all.forEach((a) => this.names.set(a.statement.by, who(a.signer)));
    const known = new Map(all.map((a) => [a.statement.id, a.statement]));
    this.ended = new Set(this.of('revocation').filter((r) => {
      const ends = known.get(of(r, 'ends'));
      return ends !== undefined && mayEnd(r.statement.by, ends);
    }).map((r) => of(r, 'ends')));
  }

  of(kind: string): Attested[] {
    return [...new Map(this.all.filter((a) => a.statement.kind === kind).map((a) => [a.statement.id, a])).values()];
  }

  /** With the name that somebody's own certificate has, if that person ever signed something here. */
  named(id: string): Who {
    return this.names.get(id) ?? { id, name: '', institution: '' };
  }

  /** Neither ended nor over. */
  open(one: Attested, now: number): boolean {
    return !this.ended.has(one.statement.id) && now < Date.parse(of(one, 'until'));
  }

  takenBack(one: Attested): boolean {
    return this.ended.has(one.statement.id);
  }

  /** Vetoes of mine that were not lifted. */
  vetoes(): Attested[] {
    const lifted = new Set(this.of('veto-lifted').filter((l) => l.statement.by === this.me).map((l) => of(l, 'lifts')));
    return this.of('veto').filter((v) => v.statement.by === this.me && !lifted.has(v.statement.id));
  }

  /** What was granted until a veto, or while it stood, never counts again. */
  barred(grant: Attested): boolean {
    const lifted = new Map(this.of('veto-lifted').filter((l) => l.statement.by === this.me).map((l) => [of(l, 'lifts'), l.statement.at]));
    return this.of('veto')
      .filter((v) => v.statement.by === this.me && of(v, 'bars') === of(grant, 'reader'))
      .some((v) => !(grant.statement.at > (lifted.get(v.statement.id) ?? Number.POSITIVE_INFINITY)));
  }

  /** Grants of the person's letters that let somebody read now. */
  standing(now: number): Attested[] {
    return this.of('lateral-grant').filter((g) => of(g, 'owner') === this.me && this.open(g, now) && !this.barred(g));
  }
}

const of = (one: Attested, name: string): string => one.statement.record.get(name) ?? '';

export async function permissions(inside: Inside): Promise<Permissions> {
  const [heard, now] = [await inside.statements.involving(), Date.now()];
  const said = new Said(heard.all, inside.person);
  const readers = new Map<string, Reader>();
  for (const grant of said.standing(now)) {
    const reader = readers.get(of(grant, 'reader')) ?? { who: said.named(of(grant, 'reader')), given: [] };
    readers.set(reader.who.id, { ...reader, given: [...reader.given, given(said, grant, inside.person)] });
  }
  return {
    relations: relations(said, inside.person, now), readers: [...readers.values()],
    barred: said.vetoes().map((v) => said.named(of(v, 'bars'))), broken: heard.broken,
  };
}

function given(said: Said, grant: Attested, me: string): Given {
  const sealed = said.of('letter-sealed').find((s) => of(s, 'letter') === of(grant, 'letter'));
  return {
    id: grant.statement.id, letter: of(grant, 'letter'), from: sealed ? who(sealed.signer) : said.named(''), sealedAt: sealed?.stampedAt ?? 0,
    by: who(grant.signer), own: grant.statement.by === me, purpose: of(grant, 'purpose'), until: Date.parse(of(grant, 'until')),
  };
}

/** Both halves stand, or the professional's alone does. */
function relations(said: Said, me: string, now: number): Relation[] {
  const open = said.of('care-relation').filter((r) => of(r, 'patient') === me && said.open(r, now));
  const professionals = new Set(open.map((r) => of(r, 'professional')));
  return [...professionals].flatMap((id): Relation[] => {
    const halves = open.filter((r) => of(r, 'professional') === id);
    const proposed = halves.filter((r) => r.statement.by === id);
    if (proposed.length === 0) {
      return [];
    }
    if (halves.some((r) => r.statement.by === me)) {
      return [{ with: said.named(id), state: 'standing', until: Math.max(...halves.map((r) => Date.parse(of(r, 'until')))) }];
    }
    const newest = proposed.reduce((a, b) => (b.statement.at > a.statement.at ? b : a));
    return [{ with: said.named(id), state: 'proposed', until: Date.parse(of(newest, 'until')), proposal: newest.statement.id }];
  });
}

/** Says one thing: signed and stamped here, filed, and found in the ledger. */
async function say({ person, ring, region, statements }: Inside, kind: string, own: Record<string, string>): Promise<void> {
  const { signed, id } = await statements.signed(stated(kind, person, own, Date.now(), fresh()));
  await region.keys.post('/v1/statements', { signed }, ring);
  await proven(region, kind, id);
}

/** The store lets go of an envelope too; the key server releases nothing more as soon as the statement is filed. */
async function unshare({ ring, region }: Inside, letter: string, reader: string): Promise<void> {
  await region.store.bytes(`/v1/shares/${letter}/${reader}`, { method: 'DELETE', as: ring });
}

/** Each is tried, whatever becomes of the others. @throws Refusal the first there was */
async function each(works: (() => Promise<void>)[]): Promise<void> {
  const refused: unknown[] = [];
  for (const work of works) {
    await work().catch((e: unknown) => refused.push(e));
  }
  if (refused.length > 0) {
    throw refused[0];
  }
}

/**
 * What was read was read. First all is said, as the key server releases nothing more then; a store that is away keeps nobody's
 * reading alive. The same again does what is missing. @param ids of grants that stand @throws Refusal `grant-unknown`
 */
export async function takeBack(inside: Inside, ids: string[]): Promise<void> {
  const said = new Said((await inside.statements.involving()).all, inside.person);
  const grants = ids.map((id) => said.of('lateral-grant').find((g) => g.statement.id === id && of(g, 'owner') === inside.person));
  check('grant-unknown', grants.every((g) => g !== undefined));
  const reason = (g: Attested) => (g.statement.by === inside.person ? 'delegation-ended' : 'withdrawn');
  // the store keeps one share a reader: another grant that stands needs it
  const standing = said.standing(Date.now()).filter((g) => !ids.includes(g.statement.id));
  const same = (a: Attested, b: Attested) => of(a, 'letter') === of(b, 'letter') && of(a, 'reader') === of(b, 'reader');
  const shares = grants.filter((g, n) => !standing.some((s) => same(s, g)) && grants.findIndex((o) => same(o, g)) === n);
  await each([
    ...grants.filter((g) => !said.takenBack(g)).map((g) => () => say(inside, 'revocation', { ends: g.statement.id, reason: reason(g) })),
    ...shares.map((g) => () => unshare(inside, of(g, 'letter'), of(g, 'reader'))),
  ]);
}

/** Ends every grant to this reader for good, and refuses new ones. The same again changes nothing. */
export async function bar(inside: Inside, reader: string): Promise<void> {
  check('veto-oneself', isPerson(reader) && reader !== inside.person);
  const said = new Said((await inside.statements.involving()).all, inside.person);
  const letters = said.of('lateral-grant').filter((g) => of(g, 'owner') === inside.person && of(g, 'reader') === reader);
  if (!said.vetoes().some((v) => of(v, 'bars') === reader)) {
    await say(inside, 'veto', { bars: reader });
  }
  await each([...new Set(letters.map((g) => of(g, 'letter')))].map((letter) => () => unshare(inside, letter, reader)));
}

/** From now on grants to `reader` count again; those that the veto ended stay ended. */
export async function lift(inside: Inside, reader: string): Promise<void> {
  const said = new Said((await inside.statements.involving()).all, inside.person);
  for (const veto of said.vetoes().filter((v) => of(v, 'bars') === reader)) {
    await say(inside, 'veto-lifted', { lifts: veto.statement.id });
  }
}

/** The person's half of a care relation: to the very proposal that was shown, until the same time. @param proposal its statement's ID */
export async function accept(inside: Inside, proposal: string): Promise<void> {
  const heard = await sure(inside);
  const said = new Said(heard.all, inside.person);
  const one = said.of('care-relation').find((r) => r.statement.id === proposal && of(r, 'professional') === r.statement.by
    && of(r, 'patient') === inside.person && said.open(r, Date.now()));
  check('proposal-unknown', one !== undefined && one.signer.kind === 'professional');
  await proven(inside.region, 'care-relation', proposal);
  await say(inside, 'care-relation', { professional: one.statement.by, patient: inside.person, until: of(one, 'until') });
}

/** Ends a relation, or declines a proposal. */
export async function endTreatment(inside: Inside, professional: string): Promise<void> {
  const said = new Said((await inside.statements.involving()).all, inside.person);
  const halves = said.of('care-relation').filter((r) => of(r, 'professional') === professional && said.open(r, Date.now()));
  await each(halves.map((half) => () => say(inside, 'revocation', { ends: half.statement.id, reason: 'withdrawn' })));
}

/** What does not hold may have been a withdrawal: then nothing is taken for standing. */
async function sure(inside: Inside): Promise<Heard> {
  const heard = await inside.statements.involving();
  check('statements-broken', heard.broken.length === 0);
  return heard;
}

/** What others said that concerns the person, newest first. */
export type News = { id: string; kind: string; who: Who; whom: Who | undefined; letter: string; at: number };

export async function news(inside: Inside): Promise<{ news: News[]; broken: PlainRefusal[] }> {
  const { all, broken } = await inside.statements.involving();
  const said = new Said(all, inside.person);
  const others = all.filter((a) => a.statement.by !== inside.person);
  const found = [...new Map(others.map((a) => [a.statement.id, a])).values()].map((a) => {
    const reader = a.statement.record.get('reader');
    return {
      id: a.statement.id, kind: a.statement.kind, who: who(a.signer), whom: reader === undefined ? undefined : said.named(reader),
      letter: a.statement.record.get('letter') ?? '', at: a.stampedAt,
    };
  });
  return { news: found.sort((a, b) => b.at - a.at), broken };
}
