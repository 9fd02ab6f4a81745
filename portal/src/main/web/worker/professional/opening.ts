/** Opening a letter as its reader or author: steps of docs/flows/letter.md, "B opens it". None of the servers is believed. */
import { hex, type Bytes } from '../../crypto/bytes';
import { sha256 } from '../../crypto/hash';
import { openLetter, type Manifest } from '../../crypto/letter';
import { check, Refusal } from '../../crypto/refusal';
import type { Attested } from '../../crypto/statement';
import { alone, Case, chain, mayEnd, RULES, type Rule } from '../../crypto/statute';
import { proven } from '../region';
import { Shape } from '../shape';
import { denied } from './denied';
import { about, field, kind, once, sealing, statement, type Desk, type Professional } from './desk';

const MAX_BODY = 24 << 20;
const MOST_ASKED = 8;

/** @property proofs what the ledger proved, by kind */
export type Opened = {
  letter: string;
  owner: string;
  author: Professional;
  at: number;
  content: Bytes;
  manifest: Manifest;
  grant: { by: Professional; until: number } | undefined;
  proofs: { kind: string; index: number; by: number }[];
};

/** @param purpose the patient sees it */
export async function open(desk: Desk, letter: string, purpose: string): Promise<Opened> {
  // 1. what was said about the letter
  const known = await about(desk, letter);
  const sealed = sealing(letter, known);
  // 2. the closed letter, by its digest
  const body = await desk.region.store.bytes(`/v1/blobs/${letter}`, { as: desk.ring, most: MAX_BODY });
  check('store-swapped', hex(sha256(body)) === letter);
  // 3. "I am opening this letter": signed before anything opens; the key server logs it, then gives the slot
  const { grant, disclosed, release } = await released(desk, sealed, known, purpose);
  // 4. decided here, from signed statements only, that it may be opened under this very grant
  const shown = await Promise.all(release.list('about').map(async (f) => desk.statements.checked(await f.bytes('signed'))));
  const all = once([...known, ...shown]);
  const said = all.map((a) => a.statement);
  const decision = new Case(grant ? alone(grant.statement.id, said) : said).mayOpen(desk.me.id, letter, Date.now());
  if ('rule' in decision) {
    throw denied(decision.rule);
  }
  const slot = release.shape('slot');
  const encoded = await slot.bytes('encoded');
  check('slot-swapped', slot.text('keyId') === hex(sha256(desk.ring.opener.publicKey)));
  // the author fixed the slot's digest in the grant: an older letter's is noticed here
  check('slot-swapped', !grant || field(grant, 'slot') === hex(sha256(encoded)));
  // 5. join slot and body, open
  const { verified, manifest } = await openLetter(body, encoded, desk.ring.opener);
  // 6. it is the letter that its author stated
  await desk.region.trust.check(verified.stampChain, 'stamp', verified.stampedAt);
  const author = await desk.region.trust.check(verified.chain, 'sign', verified.stampedAt);
  check('author-mismatch', author.kind === 'professional' && author.id === sealed.statement.by);
  const objects = manifest.items.map((i) => i.closed).join();
  check('letter-mismatch', manifest.owner === field(sealed, 'owner') && objects === field(sealed, 'objects'));
  // 7. all that this rests on is in the ledger
  const rested = once([sealed, ...(grant ? [grant] : []), ...rests(all, sealed, grant)]).map((a) => a.statement);
  const proofs: Opened['proofs'] = [];
  for (const { kind: what, id } of [...rested, { kind: 'disclosure', id: disclosed.id }]) {
    const { index, by } = await proven(desk.region, what, id);
    proofs.push({ kind: what, index, by });
  }
  const by = grant?.signer;
  return {
    letter, owner: manifest.owner, author, at: verified.stampedAt, content: verified.content, manifest, proofs,
    grant: grant && by?.kind === 'professional' ? { by, until: Date.parse(field(grant, 'until')) } : undefined,
  };
}

type Released = { grant: Attested | undefined; disclosed: { id: string }; release: Shape };

/**
 * Asks under one grant after the other: what a reader is told before the asking has neither vetoes nor relations, so the key
 * server's "no" to one says nothing of the next. @throws Refusal of the rule that came nearest to a yes
 */
export async function released(desk: Desk, sealed: Attested, known: Attested[], purpose: string): Promise<Released> {
  const about = { owner: field(sealed, 'owner'), letter: field(sealed, 'letter'), purpose };
  let nearest: Refusal | undefined;
  for (const grant of mine(desk, sealed, known)) {
    const own = { ...about, ...(grant ? { grant: grant.statement.id } : {}) };
    const disclosed = await desk.statements.signed(statement('disclosure', desk.me.id, own));
    try {
      return { grant, disclosed, release: Shape.of(await desk.region.keys.post('/v1/disclosures', { signed: disclosed.signed }, desk.ring)) };
    } catch (e) {
      if (!(e instanceof Refusal) || place(e) < OF_A_GRANT) {
        throw e;
      }
      nearest = nearest && place(nearest) >= place(e) ? nearest : e;
    }
  }
  throw nearest ?? denied('not-a-reader');
}

const place = (e: Refusal): number => RULES.indexOf(e.code as Rule);
/** From here on the rules are about one grant, and another may do. */
const OF_A_GRANT = RULES.indexOf('not-a-reader');

/** The grants to ask under, likeliest first: neither ended nor over, the author's own, then the one that lasts longest; none for the author. */
function mine(desk: Desk, sealed: Attested, all: Attested[]): (Attested | undefined)[] {
  if ([sealed.statement.by, field(sealed, 'owner')].includes(desk.me.id)) {
    return [undefined];
  }
  const over = (g: Attested) => Date.parse(field(g, 'until')) <= Date.now()
    || kind(all, 'revocation').some((r) => field(r, 'ends') === g.statement.id && mayEnd(r.statement.by, g.statement));
  const order = (g: Attested) => [Number(over(g)), Number(g.statement.record.has('under')), -Date.parse(field(g, 'until'))];
  return kind(all, 'lateral-grant')
    .filter((g) => field(g, 'reader') === desk.me.id && field(g, 'letter') === field(sealed, 'letter'))
    .sort((a, b) => {
      const [x, y] = [order(a), order(b)];
      const at = x.findIndex((v, n) => v !== y[n]);
      return at < 0 ? 0 : x[at]! - y[at]!;
    })
    .slice(0, MOST_ASKED);
}

/** Relation or registration of author and owner, and the grants that this one was passed on under. */
function rests(all: Attested[], sealed: Attested, grant: Attested | undefined): Attested[] {
  const [author, owner] = [sealed.statement.by, field(sealed, 'owner')];
  const above = new Set(grant ? chain(grant.statement.id, all.map((a) => a.statement)).slice(1).map((s) => s.id) : []);
  return all.filter((a) => {
    switch (a.statement.kind) {
      case 'care-relation':
        return field(a, 'professional') === author && field(a, 'patient') === owner;
      case 'provisional-registration':
        return a.statement.by === author && field(a, 'patient') === owner;
      case 'lateral-grant':
        return above.has(a.statement.id);
      default:
        return false;
    }
  });
}
