/** The ways to the master key (room `account`: WayIn, ClosedSlot): each closes it for the keys that its secret gives. */
import { base64, concat, hex, own, random, text, unbase64, utf8, type Bytes } from './bytes';
import { decode, digest, encode, fields, get, type Fields } from './canonical';
import { slot } from './close';
import { sha256 } from './hash';
import { openerOf, openSlot, type Opener } from './letter';
import { close, DAMAGED, derived, masterKeyOf, open, type MasterKey } from './master';
import { check, no } from './refusal';

export const KINDS = ['password', 'recovery-code', 'passkey', 'card', 'guardians'] as const;
export type Kind = (typeof KINDS)[number];

/** What a person knows, has or is given; 128 random bits at least, or OPAQUE's export key. */
export type WayIn = { kind: Kind; secret: Bytes };

/** A slot as the key server keeps it; bytes in base64. @property share what it adds to a card's signature */
export type WrappedKey = { name: string; wrapped: string; release?: string; share?: string; guardians: { guardian: string; share: string }[] };

/** As the key server keeps an account. */
export type State = { number: number; head: string; slots: WrappedKey[] };

/** What the register holds of a way. @property binder known to no server; @property notes as they are written, canonical */
export type Way = { kind: Kind; name: string; publicKey: Bytes; binder: Bytes; release: string; at: string; notes: string };

type WayKey = { opener: Opener; binder: Bytes };

function wayKey(person: string, way: WayIn, name: string, share?: string): WayKey {
  const whole = share === undefined ? way.secret : concat(way.secret, unbase64(share));
  const place = { person, kind: way.kind, name };
  return { opener: openerOf(derived(whole, 'slot-key', place)), binder: derived(whole, 'slot-binder', place) };
}

/** What the key server opens a session for; base64. A password's session comes out of OPAQUE instead. */
export function release(person: string, way: WayIn): string {
  return base64(derived(way.secret, 'release', { person, kind: way.kind }));
}

/** Such as `passkey-3f9a01c2`: a name is used once. */
export function nameOf(kind: Kind): string {
  return `${kind}-${hex(random(4))}`;
}

/** For the register. @param now milliseconds */
export function wayOf(person: string, way: WayIn, name: string, notes: Fields, now: number): Way {
  const { opener, binder } = wayKey(person, way, name);
  const at = new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000', '');
  opener.seed.fill(0);
  return {
    kind: way.kind, name, publicKey: opener.publicKey, binder, at, notes: text(encode(notes)),
    release: way.kind === 'password' ? '' : hex(sha256(unbase64(release(person, way)))),
  };
}

export function writeWay(way: Way): string {
  const { kind, name, release: released, at, notes } = way;
  return text(encode(fields({ kind, name, at, notes, release: released, key: base64(way.publicKey), binder: base64(way.binder) })));
}

/** @throws Refusal */
export function readWay(written: string): Way {
  const record = decode(utf8(written));
  decode(utf8(get(record, 'notes')));
  return {
    kind: kindOf(get(record, 'kind')), name: get(record, 'name'), publicKey: unbase64(get(record, 'key')),
    binder: unbase64(get(record, 'binder')), release: get(record, 'release'), at: get(record, 'at'), notes: get(record, 'notes'),
  };
}

function kindOf(word: string): Kind {
  const kind = KINDS.find((k) => k === word);
  if (!kind) {
    throw no(DAMAGED);
  }
  return kind;
}

function slotContext(person: string, way: { kind: Kind; name: string; publicKey: Bytes; notes: string }, epoch: string): Fields {
  return fields({
    person, kind: way.kind, name: way.name, epoch, key: hex(sha256(way.publicKey)), notes: digest(decode(utf8(way.notes))),
  });
}

function contentKey(inside: Bytes, binder: Bytes): Bytes {
  return derived(concat(inside, binder), 'slot-content', {});
}

/** The master key closed for a way of the register: its secret is not needed. Base64. */
export async function closeSlot(master: MasterKey, way: Way): Promise<string> {
  const inside = random(32);
  const wrapped = (await slot(inside, way.publicKey)).encoded;
  const content = await close(contentKey(inside, way.binder), slotContext(master.person, way, master.epoch), master.key);
  inside.fill(0);
  return base64(encode(fields({
    form: '1', kind: way.kind, name: way.name, epoch: master.epoch, key: base64(way.publicKey), wrapped: base64(wrapped),
    content: base64(content), notes: way.notes,
  })));
}

/** The master key in the slot of this way. @throws Refusal `account-missing`, `account-damaged` */
export async function masterKey(person: string, way: WayIn, state: State): Promise<MasterKey> {
  check('account-missing', state.number > 0);
  for (const wrapped of state.slots) {
    // whatever is wrong with a slot, it is the account that is damaged
    const found = await inSlot(person, way, wrapped).catch(() => {
      throw no(DAMAGED);
    });
    if (found) {
      return found;
    }
  }
  throw no(DAMAGED);
}

async function inSlot(person: string, way: WayIn, wrapped: WrappedKey): Promise<MasterKey | undefined> {
  const closed = decode(unbase64(wrapped.wrapped));
  const mine = get(closed, 'kind') === way.kind && get(closed, 'name') === wrapped.name;
  return mine ? fromSlot(person, way, closed, wrapped.share) : undefined;
}

async function fromSlot(person: string, way: WayIn, closed: Fields, share?: string): Promise<MasterKey | undefined> {
  const [name, epoch, notes] = [get(closed, 'name'), get(closed, 'epoch'), get(closed, 'notes')];
  const { opener, binder } = wayKey(person, way, name, share);
  if (get(closed, 'key') !== base64(opener.publicKey)) {
    return undefined;
  }
  check(DAMAGED, get(closed, 'form') === '1' && closed.size === 8);
  const inside = await openSlot(unbase64(get(closed, 'wrapped')), opener);
  const place = slotContext(person, { kind: way.kind, name, publicKey: opener.publicKey, notes }, epoch);
  const key = await open(contentKey(inside, binder), place, unbase64(get(closed, 'content')));
  return masterKeyOf(person, epoch, own(key));
}
