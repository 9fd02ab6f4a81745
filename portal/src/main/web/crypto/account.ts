/** From OPAQUE's export key to the keyring (room `account`): neither server is believed, both answers are bound to their place. */
import { concat, hex, number, own, text, unbase64, utf8, type Bytes } from './bytes';
import { decode, digest, encode, fields, get, type Fields } from './canonical';
import { certificate, type Certificate } from './certificate';
import { signingKey } from './ecdsa';
import { derive, openGcm, sha256 } from './hash';
import { opener, openerOf, openSlot, type Opener } from './letter';
import { member } from './member';
import { check, no, unless } from './refusal';
import type { Trust } from './trust';

const DAMAGED = 'account-damaged';
const NONCE = 12;

/** As the key server keeps it. Bytes in base64. */
export type State = { number: number; head: string; slots: { name: string; wrapped: string }[] };

/** As the store keeps it. */
export type Kept = { number: number; content: string };

export type MasterKey = { person: string; epoch: string; key: Bytes };

function derived(from: Uint8Array, purpose: string, context: Record<string, string>): Bytes {
  return derive(from, encode(fields({ ...context, purpose: `mizuhiki account v1 ${purpose}` })));
}

/** AES-256-GCM: nonce, ciphertext, tag; the context is authenticated. */
function open(key: Bytes, context: Fields, closed: Bytes): Promise<Bytes> {
  return openGcm(key, closed.slice(0, NONCE), encode(context), closed.slice(NONCE), DAMAGED);
}

/** The master key in the slot of the password. @throws Refusal `account-missing`, `account-damaged` */
export async function masterKey(person: string, exportKey: Bytes, state: State): Promise<MasterKey> {
  check('account-missing', state.number > 0);
  for (const wrapped of state.slots) {
    const slot = await unless(DAMAGED, () => decode(unbase64(wrapped.wrapped)));
    if (get(slot, 'kind') === 'password' && get(slot, 'name') === wrapped.name) {
      const found = await unless(DAMAGED, () => fromSlot(person, exportKey, slot));
      if (found) {
        return found;
      }
    }
  }
  throw no(DAMAGED);
}

async function fromSlot(person: string, secret: Bytes, slot: Fields): Promise<MasterKey | undefined> {
  const [name, epoch, notes] = [get(slot, 'name'), get(slot, 'epoch'), get(slot, 'notes')];
  const way = { person, kind: 'password', name };
  const key = openerOf(derived(secret, 'slot-key', way));
  if (get(slot, 'key') !== toBase64(key.publicKey)) {
    return undefined;
  }
  check(DAMAGED, get(slot, 'form') === '1' && slot.size === 8);
  const inside = await openSlot(unbase64(get(slot, 'wrapped')), key);
  const content = derived(concat(inside, derived(secret, 'slot-binder', way)), 'slot-content', {});
  const context = fields({ ...way, epoch, key: hex(sha256(key.publicKey)), notes: digest(decode(utf8(notes))) });
  const master = await open(content, context, unbase64(get(slot, 'content')));
  check(DAMAGED, master.length === 32 && /^[1-9][0-9]{0,15}$/.test(epoch));
  return { person, epoch, key: master };
}

function toBase64(bytes: Bytes): string {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
}

function ofMaster(master: MasterKey, purpose: string): Bytes {
  return derived(master.key, purpose, { person: master.person, epoch: master.epoch });
}

function openByMaster(master: MasterKey, purpose: string, at: number, closed: string): Promise<Bytes> {
  const context = fields({ number: String(at), purpose, person: master.person, epoch: master.epoch });
  return unless(DAMAGED, () => open(ofMaster(master, purpose), context, unbase64(closed)));
}

/** For what the store gives the closed keyring. */
export function storeToken(master: MasterKey): string {
  return toBase64(ofMaster(master, 'store-token'));
}

/** A person's keys as this page uses them. The signing key cannot be read out again by any script. */
export type Keyring = { id: string; signing: CryptoKey; chain: Certificate[]; opener: Opener };

/**
 * Both servers' answers held against each other: the head says which keyring is at least the newest.
 * @throws Refusal `account-damaged`, `account-rolled-back`, `account-rekeyed`
 */
export async function keyring(master: MasterKey, state: State, kept: Kept): Promise<Keyring> {
  const head = await openByMaster(master, 'head', state.number, state.head);
  // a change of the master key that was cut off is finished by a device, not here
  check('account-rekeyed', head.length === 40);
  const least = number(head.slice(0, 8));
  const same = hex(sha256(unbase64(kept.content))) === hex(head.slice(8));
  check('account-rolled-back', kept.number >= least && (kept.number > least || same));
  const vault = await openByMaster(master, 'keyring', kept.number, kept.content);
  const register = number(vault.slice(0, 4));
  check(DAMAGED, register <= vault.length - 4);
  decode(vault.slice(4, 4 + register));
  return unless('keyring-damaged', () => decodeKeyring(vault.slice(4 + register)));
}

async function decodeKeyring(bytes: Bytes): Promise<Keyring> {
  let at = 1;
  const part = (): Bytes => {
    const size = number(bytes.slice(at, at + 4));
    const value = own(bytes.slice(at + 4, at + 4 + size));
    check('keyring-damaged', size <= 1 << 16 && value.length === size);
    at += 4 + size;
    return value;
  };
  check('keyring-damaged', bytes[0] === 1);
  const id = text(part());
  const written = part();
  check('card-needed', written.length > 0);
  const [seed, publicKey] = [part(), part()];
  part(); // what closes drafts on a device's disk
  part(); // the sealing certificate: for those who write to this person
  const count = bytes[at++] ?? 0;
  check('keyring-damaged', count > 0 && count <= 8);
  const chain = Array.from({ length: count }, () => certificate(part()));
  check('keyring-damaged', at === bytes.length);
  return { id, signing: await signingKey(written), chain, opener: opener(seed, publicKey) };
}

/** It is this person's, from this region. @param now milliseconds */
export async function mustBeOf(person: string, ring: Keyring, trust: Trust, now: number): Promise<void> {
  const who = member(ring.chain[0]!);
  check('certificate-not-mine', ring.id === person && who.kind === 'patient' && who.id === person);
  await trust.check(ring.chain, 'connect', now);
}
