/** The account's master key, and what derives from it (room `account`: MasterKey, Closed, Derivation). */
import { base64, concat, hex, random, unbase64, type Bytes } from './bytes';
import { encode, fields, type Fields } from './canonical';
import { closeGcm, derive, openGcm, sha256 } from './hash';
import { check, unless } from './refusal';

export const DAMAGED = 'account-damaged';
const NONCE = 12;

/** 256 random bits. @property epoch the number of the account's change that brought it, in decimal */
export type MasterKey = { person: string; epoch: string; key: Bytes };

export function masterKeyOf(person: string, epoch: string, key: Bytes): MasterKey {
  check(DAMAGED, key.length === 32 && /^[1-9][0-9]{0,15}$/.test(epoch));
  return { person, epoch, key };
}

/** 32 bytes that no other purpose, person, kind or name ever has. */
export function derived(from: Uint8Array, purpose: string, context: Record<string, string>): Bytes {
  return derive(from, encode(fields({ ...context, purpose: `mizuhiki account v1 ${purpose}` })));
}

/** AES-256-GCM: nonce, ciphertext, tag; the context is authenticated. @throws Refusal `account-damaged` */
export function open(key: Bytes, context: Fields, closed: Bytes): Promise<Bytes> {
  return openGcm(key, closed.slice(0, NONCE), encode(context), closed.slice(NONCE), DAMAGED);
}

export async function close(key: Bytes, context: Fields, plain: Uint8Array): Promise<Bytes> {
  const nonce = random(NONCE);
  return concat(nonce, await closeGcm(key, nonce, encode(context), plain));
}

function ofMaster(master: MasterKey, purpose: string): Bytes {
  return derived(master.key, purpose, { person: master.person, epoch: master.epoch });
}

function place(master: MasterKey, purpose: string, at: number): Fields {
  return fields({ number: String(at), purpose, person: master.person, epoch: master.epoch });
}

export function openByMaster(master: MasterKey, purpose: string, at: number, closed: string): Promise<Bytes> {
  return unless(DAMAGED, () => open(ofMaster(master, purpose), place(master, purpose, at), unbase64(closed)));
}

export async function closeByMaster(master: MasterKey, purpose: string, at: number, plain: Uint8Array): Promise<string> {
  return base64(await close(ofMaster(master, purpose), place(master, purpose, at), plain));
}

/** What the store gives the closed keyring for; it keeps the digest. Base64. */
export function storeToken(master: MasterKey): string {
  return base64(ofMaster(master, 'store-token'));
}

/** What the key server lets the ways in be changed for; another than the store's. Base64. */
export function keysToken(master: MasterKey): string {
  return base64(ofMaster(master, 'keys-token'));
}

/** SHA-256 of a token, as its server keeps it. */
export function access(token: string): string {
  return hex(sha256(unbase64(token)));
}
