/** Opening a letter as its owner; steps of docs/flows/letter.md, "B opens it": no grant is needed, a disclosure is. */
import { hex, type Bytes } from '../crypto/bytes';
import { sha256 } from '../crypto/hash';
import { openAttachment, openLetter, type Manifest } from '../crypto/letter';
import { check, no } from '../crypto/refusal';
import { disclosure, type Attested } from '../crypto/statement';
import { document, type Document } from './document';
import { HASH, proven } from './region';
import type { Inside } from './session';
import { Shape } from './shape';
import { fresh, who, type Statements, type Who } from './statements';

const MAX_BODY = 24 << 20;
const MAX_ATTACHMENT = 512 << 20;

export type File = { name: string; mediaType: string; size: number };
export type Letter = { letter: string; from: Who; at: number; document: Document; files: File[] };

export class Letters {
  private opened: { letter: string; manifest: Manifest } | undefined;

  constructor(private readonly inside: Inside) {}

  async open(letter: string): Promise<Letter> {
    const { person, ring, region, statements } = this.inside;
    const { keys, store, trust } = region;
    check('letter-unknown', HASH.test(letter));
    // 1. what its author stated
    const sealed = await sealedBy(statements, letter);
    check('letter-not-mine', sealed.statement.record.get('owner') === person);
    // 2. the closed letter, by its digest
    const body = await store.bytes(`/v1/blobs/${letter}`, { as: ring, most: MAX_BODY });
    check('store-swapped', hex(sha256(body)) === letter);
    // 3. "I am opening this letter": signed before anything opens; the key server logs it, then gives the slot
    const said = await statements.signed(disclosure(person, letter, Date.now(), fresh()));
    const release = Shape.of(await keys.post('/v1/disclosures', { signed: said.signed }, ring));
    const slot = release.shape('slot');
    check('slot-swapped', slot.text('keyId') === hex(sha256(ring.opener.publicKey)));
    // 4. it is the letter that its author stated
    const { verified, manifest } = await openLetter(body, await slot.bytes('encoded'), ring.opener);
    await trust.check(verified.stampChain, 'stamp', verified.stampedAt);
    const author = await trust.check(verified.chain, 'sign', verified.stampedAt);
    check('author-mismatch', author.kind === 'professional' && author.id === sealed.statement.by);
    const objects = manifest.items.map((i) => i.closed).join();
    check('letter-mismatch', manifest.owner === person && objects === sealed.statement.record.get('objects'));
    // 5. both are in the ledger: the author's statement, and that it was opened here
    await proven(region, 'letter-sealed', sealed.statement.id);
    await proven(region, 'disclosure', said.id);
    this.opened = { letter, manifest };
    return {
      letter, from: who(author), at: verified.stampedAt, document: document(verified.content),
      files: manifest.items.map(({ name, mediaType, size }) => ({ name, mediaType, size })),
    };
  }

  /** An attachment of the letter that was opened last, as it was attached. */
  async file(letter: string, name: string): Promise<{ mediaType: string; content: Bytes }> {
    const { ring, region } = this.inside;
    const manifest = this.opened?.letter === letter ? this.opened.manifest : undefined;
    const item = manifest?.items.find((i) => i.name === name);
    if (!manifest || !item) {
      throw no('letter-unknown');
    }
    const closed = await region.store.bytes(`/v1/blobs/${item.closed}`, { as: ring, most: MAX_ATTACHMENT });
    return { mediaType: item.mediaType, content: await openAttachment(closed, item, manifest) };
  }
}

async function sealedBy(statements: Statements, letter: string): Promise<Attested> {
  const about = await statements.about(letter);
  const found = about.filter((a) => a.statement.kind === 'letter-sealed' && a.statement.record.get('letter') === letter);
  check('letter-unknown', found.length > 0);
  check('letter-disputed', new Set(found.map((a) => a.statement.id)).size === 1);
  return found[0]!;
}
