/**
 * What a person does here, inside the worker: log in, look into the pocket, open a letter, see who opened what. Keys live in
 * this worker's memory, go nowhere, and end with it. No server is believed: every answer is checked before a page sees it.
 */
import { client as opaque, ready } from '@serenity-kit/opaque';
import { keyring, masterKey, mustBeOf, storeToken, type Keyring, type Kept, type State } from '../crypto/account';
import { base64, hex, unbase64, type Bytes } from '../crypto/bytes';
import { encode } from '../crypto/canonical';
import { sha256 } from '../crypto/hash';
import { EvidenceCheck, leaf, type Evidence, type LogKeys } from '../crypto/ledger';
import { openAttachment, openLetter, type Manifest } from '../crypto/letter';
import { isPerson, type Member } from '../crypto/member';
import { check, no, Refusal, type PlainRefusal } from '../crypto/refusal';
import { signRecord } from '../crypto/signed';
import { stampRequest, stampToken } from '../crypto/stamp';
import { checkStatement, disclosure, type Attested } from '../crypto/statement';
import { Trust } from '../crypto/trust';
import { document, type Document } from './document';
import { Server, ServerTime } from './servers';
import { Shape } from './shape';

const MOST_STATEMENTS = 20_000;
const PAGE = 200;
const MAX_BODY = 24 << 20;
const MAX_ATTACHMENT = 512 << 20;
/** Not known now; says nothing about the statement. */
const TEMPORARY = new Set(['server-unreachable', 'revocation-unknown', 'device-clock', 'answer-malformed', 'server-busy', 'rate-exceeded']);
const HASH = /^[0-9a-f]{64}$/;
const ADDRESS = /^https:\/\/[a-z0-9.-]+(?::[0-9]+)?$/;

export type Who = { id: string; name: string; institution: string };
export type Entry = { letter: string; from: Who; at: number; openings: number };
export type Pocket = { letters: Entry[]; broken: PlainRefusal[] };
export type File = { name: string; mediaType: string; size: number };
export type Letter = { letter: string; from: Who; at: number; document: Document; files: File[] };
export type Opening = { id: string; letter: string; who: Who; own: boolean; at: number; purpose: string };
export type Trail = { openings: Opening[]; broken: PlainRefusal[] };
export type Proof = { digest: string; leaf: string; index: number; size: number; by: number; log: string; witnesses: string[] };

type Region = { keys: Server; store: Server; authority: Server; log: LogKeys; trust: Trust };
type In = { person: string; ring: Keyring; token: string };

export class Session {
  private readonly time = new ServerTime();
  private region: Promise<Region> | undefined;
  private inside: In | undefined;
  private opened: { letter: string; manifest: Manifest } | undefined;
  private readonly held = new Map<string, Attested>();
  private proofs: EvidenceCheck | undefined;

  /** @param from where this code came from: the region's roots and addresses come with it */
  constructor(private readonly from: string) {}

  private at(): Promise<Region> {
    this.region ??= this.reached();
    this.region.catch(() => (this.region = undefined));
    return this.region;
  }

  private async reached(): Promise<Region> {
    const file = Shape.of(await new Server('web', this.from, this.time).json('region.json'));
    const server = (role: string) => new Server(role, file.text(role, ADDRESS), this.time);
    const [authority, log] = [server('authority'), file.shape('log')];
    const published = {
      caList: async () => new TextDecoder().decode(await authority.bytes('/ca/list.json')),
      crl: (ca: string) => authority.bytes(`/crl/${ca}.crl`),
    };
    const roots = file.texts('roots', /^[A-Za-z0-9+/=]+$/).map(unbase64);
    const keys = {
      origin: log.text('origin'), classical: await log.bytes('classical'), quantumSafe: await log.bytes('quantumSafe'),
      witnesses: new Map([...log.named('witnesses')].map(([name, key]) => [name, unbase64(key)])), quorum: log.number('quorum'),
    };
    const trust = Trust.of(roots, await file.bytes('quantumSafeRoot'), published, () => Date.now());
    this.proofs = new EvidenceCheck(keys, async (stamp) => void (await trust.check(stamp.chain, 'stamp', stamp.at)));
    return { keys: server('keys'), store: server('store'), authority, log: keys, trust };
  }

  private me(): In {
    if (!this.inside) {
      throw no('not-logged-in');
    }
    return this.inside;
  }

  /** Steps of docs/flows/account.md, "Log in". */
  async logIn(person: string, password: string): Promise<{ person: string }> {
    check('login-failed', isPerson(person));
    const { keys, store, trust } = await this.at();
    await ready;
    // 1. OPAQUE: the password stays here; the key server and the store each count the guess
    const begun = opaque.startLogin({ password });
    const answered = Shape.of(await keys.post('/v1/password/logins', { person, ke1: padded(begun.startLoginRequest) }));
    const loginResponse = unpadded(answered.text('ke2'));
    const done = opaque.finishLogin({ clientLoginState: begun.clientLoginState, loginResponse, password });
    check('login-failed', done !== undefined);
    const proof = { login: answered.text('login', HASH), ke3: padded(done.finishLoginRequest) };
    const token = Shape.of(await keys.post('/v1/password/sessions', proof)).text('token');
    // 2. slots, master key, keyring: both servers' answers held against each other
    const exportKey = unbase64(padded(done.exportKey));
    const state = stateOf(await keys.post('/v1/account/state', { token }));
    const master = await masterKey(person, exportKey, state);
    const kept = keptOf(await store.post('/v1/keyrings/fetch', { person, token: storeToken(master) }));
    const ring = await keyring(master, state, kept);
    exportKey.fill(0);
    master.key.fill(0);
    // 3. it is this person's, from this region
    await mustBeOf(person, ring, trust, Date.now());
    this.inside = { person, ring, token };
    return { person };
  }

  /** Letters of this person, newest first: what their authors signed, not what a server lists. */
  async pocket(): Promise<Pocket> {
    const { all, broken } = await this.involving();
    const openings = all.filter((a) => a.statement.kind === 'disclosure' && this.isMine(a));
    const letters = all.filter((a) => a.statement.kind === 'letter-sealed' && this.isMine(a)).map((a) => ({
      letter: a.statement.record.get('letter')!, from: who(a.signer), at: a.stampedAt,
      openings: openings.filter((o) => o.statement.record.get('letter') === a.statement.record.get('letter')).length,
    }));
    return { letters, broken };
  }

  private isMine(one: Attested): boolean {
    return one.statement.record.get('owner') === this.me().person;
  }

  /** Every statement that names this person, checked; what does not hold is told, never hidden. */
  private async involving(): Promise<{ all: Attested[]; broken: PlainRefusal[] }> {
    const { ring } = this.me();
    const { keys } = await this.at();
    const all: Attested[] = [];
    const broken: PlainRefusal[] = [];
    let before: number | undefined;
    for (let seen = 0; ; ) {
      check('statements-too-many', seen < MOST_STATEMENTS);
      const from = before === undefined ? '' : `&before=${before}`;
      const page = Shape.of(await keys.json(`/v1/statements?limit=${PAGE}${from}`, { as: ring })).list('statements', PAGE);
      for (const filed of page) {
        const number = filed.number('number');
        // pages that do not go back in time would never end
        check('key-server-odd', before === undefined || number < before);
        before = number;
        await this.hear(await filed.bytes('signed'), all, broken);
      }
      seen += page.length;
      if (page.length < PAGE) {
        return { all, broken };
      }
    }
  }

  private async hear(signed: Bytes, all: Attested[], broken: PlainRefusal[]): Promise<void> {
    try {
      all.push(await this.checked(signed));
    } catch (e) {
      if (!(e instanceof Refusal) || TEMPORARY.has(e.code)) {
        throw e;
      }
      broken.push(e.plain());
    }
  }

  private async checked(signed: Bytes): Promise<Attested> {
    const key = hex(sha256(signed));
    const known = this.held.get(key) ?? (await checkStatement(signed, (await this.at()).trust, Date.now()));
    this.held.set(key, known);
    return known;
  }

  /** Steps of docs/flows/letter.md, "B opens it", for the owner: no grant is needed, a disclosure is. */
  async letter(letter: string): Promise<Letter> {
    const { person, ring } = this.me();
    const { keys, store, trust } = await this.at();
    check('letter-unknown', HASH.test(letter));
    // 1. what its author stated
    const sealed = await this.sealed(letter);
    check('letter-not-mine', sealed.statement.record.get('owner') === person);
    // 2. the closed letter, by its digest
    const body = await store.bytes(`/v1/blobs/${letter}`, { as: ring, most: MAX_BODY });
    check('store-swapped', hex(sha256(body)) === letter);
    // 3. "I am opening this letter": signed before anything opens; the key server logs it, then gives the slot
    const [signed, said] = await this.disclosed(letter);
    const release = Shape.of(await keys.post('/v1/disclosures', { signed: base64(signed) }, ring));
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
    await this.proven('letter-sealed', sealed.statement.id);
    await this.proven('disclosure', said);
    this.opened = { letter, manifest };
    return {
      letter, from: who(author), at: verified.stampedAt, document: document(verified.content),
      files: manifest.items.map(({ name, mediaType, size }) => ({ name, mediaType, size })),
    };
  }

  private async sealed(letter: string): Promise<Attested> {
    const { keys } = await this.at();
    const path = `/v1/letters/${letter}/statements`;
    const filed = Shape.of(await keys.json(path, { as: this.me().ring })).list('statements');
    const about = await Promise.all(filed.map(async (f) => this.checked(await f.bytes('signed')).catch((e: unknown) => {
      // a disclosure that does not hold permits nothing and must keep nobody from the letter; the trail names it
      if (e instanceof Refusal && !TEMPORARY.has(e.code)) {
        return undefined;
      }
      throw e;
    })));
    const found = about.filter((a) => a?.statement.kind === 'letter-sealed' && a.statement.record.get('letter') === letter);
    check('letter-unknown', found.length > 0);
    check('letter-disputed', new Set(found.map((a) => a?.statement.id)).size === 1);
    return found[0]!;
  }

  /** @return the signed statement and its ID */
  private async disclosed(letter: string): Promise<[Bytes, string]> {
    const { person, ring } = this.me();
    const { authority, trust } = await this.at();
    const record = disclosure(person, letter, Date.now(), hex(crypto.getRandomValues(new Uint8Array(16))));
    const signed = await signRecord(encode(record), ring.chain, ring.signing, async (over) => {
      const nonce = crypto.getRandomValues(new Uint8Array(8));
      const ask = { method: 'POST', body: stampRequest(over, nonce), type: 'application/timestamp-query' } as const;
      return stampToken(await authority.bytes('/tsa', ask), nonce);
    });
    // checked as every other party will: a wrong clock is told here, before anything leaves the device
    const checked = await checkStatement(signed, trust, Date.now()).catch((e: unknown) => {
      throw e instanceof Refusal && e.code === 'statement-time' ? no('device-clock') : e;
    });
    return [signed, checked.statement.id];
  }

  /** An attachment of the letter that was opened last, as it was attached. */
  async file(letter: string, name: string): Promise<{ mediaType: string; content: Bytes }> {
    const { ring } = this.me();
    const manifest = this.opened?.letter === letter ? this.opened.manifest : undefined;
    const item = manifest?.items.find((i) => i.name === name);
    if (!manifest || !item) {
      throw no('letter-unknown');
    }
    const { store } = await this.at();
    const closed = await store.bytes(`/v1/blobs/${item.closed}`, { as: ring, most: MAX_ATTACHMENT });
    return { mediaType: item.mediaType, content: await openAttachment(closed, item, manifest) };
  }

  /** Who opened what, when, newest first; by the time stamp, not by anybody's clock. */
  async trail(): Promise<Trail> {
    const { person } = this.me();
    const { all, broken } = await this.involving();
    const openings = all.filter((a) => a.statement.kind === 'disclosure' && this.isMine(a)).map((a) => ({
      id: a.statement.id, letter: a.statement.record.get('letter')!, who: who(a.signer), own: a.statement.by === person,
      at: a.stampedAt, purpose: a.statement.record.get('purpose')!,
    }));
    return { openings: openings.sort((a, b) => b.at - a.at), broken };
  }

  /** "Check the proof yourself": fetched from the ledger and computed here. @param id of an opening */
  proof(id: string): Promise<Proof> {
    this.me();
    check('answer-malformed', HASH.test(id));
    return this.proven('disclosure', id);
  }

  private async proven(kind: string, id: string): Promise<Proof> {
    const { authority, log } = await this.at();
    const place = hex(leaf(kind, id));
    const evidence = evidenceOf(await authority.json(`/v1/ledger/evidence/${place}`));
    const by = await this.proofs!.check(evidence, kind, id);
    const size = Number(evidence.checkpoint.note.split('\n')[1]);
    return { digest: id, leaf: place, index: evidence.index, size, by, log: log.origin, witnesses: [...log.witnesses.keys()] };
  }

  /** Ends the session at the key server; keys are forgotten here whether or not it answers. */
  async logOut(): Promise<void> {
    const { token } = this.me();
    this.inside = undefined;
    this.opened = undefined;
    this.held.clear();
    await (await this.at()).keys.post('/v1/password/sessions/end', { token }).catch(() => undefined);
  }
}

function who(member: Member): Who {
  switch (member.kind) {
    case 'professional':
      return { id: member.id, name: member.name, institution: member.institution };
    case 'patient':
      return { id: member.id, name: '', institution: '' };
    case 'server':
      throw no('certificate-wrong-purpose');
  }
}

function stateOf(answer: unknown): State {
  const shape = Shape.of(answer);
  const slots = shape.list('slots', 32).map((s) => ({ name: s.text('name'), wrapped: s.text('wrapped') }));
  return { number: shape.number('number'), head: shape.text('head'), slots };
}

function keptOf(answer: unknown): Kept {
  const shape = Shape.of(answer);
  return { number: shape.number('number'), content: shape.text('content', /^[A-Za-z0-9+/=]{1,2000000}$/) };
}

function evidenceOf(answer: unknown): Evidence {
  const shape = Shape.of(answer);
  const [entry, checkpoint] = [shape.shape('entry'), shape.shape('checkpoint')];
  return {
    entry: { kind: entry.text('kind'), record: entry.text('record', HASH), label: entry.text('label') },
    index: shape.number('index'), path: shape.texts('path', HASH, 64),
    checkpoint: { note: checkpoint.text('note'), stamp: checkpoint.text('stamp') },
  };
}

/** The library's base64url as servers read it. */
function padded(base64url: string): string {
  const plain = base64url.replaceAll('-', '+').replaceAll('_', '/');
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
}

function unpadded(plain: string): string {
  return plain.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
