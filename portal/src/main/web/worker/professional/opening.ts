/** Opening a letter as its reader or author: steps of docs/flows/letter.md, "B opens it". None of the servers is believed. */
import { hex, type Bytes } from '../../crypto/bytes';
import { sha256 } from '../../crypto/hash';
import { openLetter, type Manifest } from '../../crypto/letter';
import { check } from '../../crypto/refusal';
import type { Attested } from '../../crypto/statement';
import { Case } from '../../crypto/statute';
import { proven } from '../region';
import { Shape } from '../shape';
import { denied } from './denied';
import { about, field, kind, once, sealing, statement, type Desk, type Professional } from './desk';

const MAX_BODY = 24 << 20;

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
  // 1. what was said about the letter, and the grant that names this reader
  const known = await about(desk, letter);
  const sealed = sealing(letter, known);
  const grant = mine(desk, sealed, known);
  // 2. the closed letter, by its digest
  const body = await desk.region.store.bytes(`/v1/blobs/${letter}`, { as: desk.ring, most: MAX_BODY });
  check('store-swapped', hex(sha256(body)) === letter);
  // 3. "I am opening this letter": signed before anything opens; the key server logs it, then gives the slot
  const own = { owner: field(sealed, 'owner'), letter, purpose, ...(grant ? { grant: grant.statement.id } : {}) };
  const disclosed = await desk.statements.signed(statement('disclosure', desk.me.id, own));
  const release = Shape.of(await desk.region.keys.post('/v1/disclosures', { signed: disclosed.signed }, desk.ring));
  // 4. decided here, from signed statements only, that it may be opened
  const shown = await Promise.all(release.list('about').map(async (f) => desk.statements.checked(await f.bytes('signed'))));
  const all = once([...known, ...shown]);
  const decision = new Case(all.map((a) => a.statement)).mayOpen(desk.me.id, letter, Date.now());
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

/** The grant to rest on: one that nobody has ended, then the one that lasts longest; none for the author. */
function mine(desk: Desk, sealed: Attested, all: Attested[]): Attested | undefined {
  if ([sealed.statement.by, field(sealed, 'owner')].includes(desk.me.id)) {
    return undefined;
  }
  const ended = new Set(kind(all, 'revocation').map((r) => field(r, 'ends')));
  const order = (g: Attested) => [Number(ended.has(g.statement.id)), Number(g.statement.record.has('under')), -Date.parse(field(g, 'until'))];
  const grants = kind(all, 'lateral-grant')
    .filter((g) => field(g, 'reader') === desk.me.id && field(g, 'letter') === field(sealed, 'letter'))
    .sort((a, b) => {
      const [x, y] = [order(a), order(b)];
      const at = x.findIndex((v, n) => v !== y[n]);
      return at < 0 ? 0 : x[at]! - y[at]!;
    });
  if (!grants[0]) {
    throw denied('not-a-reader');
  }
  return grants[0];
}

/** Relation or registration of author and owner, and the grants that this one was passed on under. */
function rests(all: Attested[], sealed: Attested, grant: Attested | undefined): Attested[] {
  const [author, owner] = [sealed.statement.by, field(sealed, 'owner')];
  return all.filter((a) => {
    switch (a.statement.kind) {
      case 'care-relation':
        return field(a, 'professional') === author && field(a, 'patient') === owner;
      case 'provisional-registration':
        return a.statement.by === author && field(a, 'patient') === owner;
      case 'lateral-grant':
        return grant?.statement.record.has('under') === true && a.statement.id !== grant.statement.id;
      default:
        return false;
    }
  });
}
