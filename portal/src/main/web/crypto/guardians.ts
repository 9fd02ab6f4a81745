/** Two of three (room `account`: Guardians, GuardedShare): a share says nothing of the secret, and is closed for its guardian. */
import { base64, hex, random, unbase64, type Bytes } from './bytes';
import { decode, encode, fields, get, type Fields } from './canonical';
import { slot as closedFor } from './close';
import { isSpoken } from './code';
import { sign } from './ecdsa';
import { sha256 } from './hash';
import type { Keyring } from './keyring';
import { openSlot, type Opener } from './letter';
import { close, DAMAGED, open } from './master';
import { check, no } from './refusal';

export const GUARDIANS = 3;

/** Shares at the places 1, 2 and 3 of a line over GF(2^8), AES's polynomial, whose place 0 is the secret (Shamir). */
export function split(secret: Bytes): Bytes[] {
  const slope = random(secret.length);
  const twice = slope.map((octet) => ((octet << 1) ^ (-(octet >> 7) & 0x1b)) & 0xff);
  return [slope, twice, twice.map((octet, n) => octet ^ slope[n]!)].map((add) => secret.map((octet, n) => octet ^ add[n]!));
}

/** `{"content","wrapped"}`, canonical; for one X-Wing key and one place. */
async function closeShare(share: Bytes, reader: Bytes, context: Fields): Promise<Bytes> {
  const key = random(32);
  const wrapped = (await closedFor(key, reader)).encoded;
  const content = await close(key, context, share);
  key.fill(0);
  return encode(fields({ wrapped: base64(wrapped), content: base64(content) }));
}

/** @throws Refusal `account-damaged` */
async function openShare(closed: Bytes, opener: Opener, context: Fields): Promise<Bytes> {
  try {
    const record = decode(closed);
    check(DAMAGED, record.size === 2);
    const key = await openSlot(unbase64(get(record, 'wrapped')), opener);
    return await open(key, context, unbase64(get(record, 'content')));
  } catch {
    throw no(DAMAGED);
  }
}

/** @param keys X-Wing keys by ID, checked against the directory; three, in the IDs' order */
export async function shared(
  person: string, slot: string, secret: Bytes, keys: [string, Bytes][],
): Promise<{ guardian: string; share: string }[]> {
  const ids = keys.map(([id]) => id);
  check('guardians-three', new Set(ids).size === GUARDIANS && !ids.includes(person));
  const shares = split(secret);
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(sorted.map(async ([guardian, key], n) => (
    { guardian, share: base64(await closeShare(shares[n]!, key, kept(person, slot, n + 1, guardian))) }
  )));
}

/** What a guardian is asked. @property key of the asking device; @property share this guardian's own */
export type Asked = { id: string; person: string; slot: string; position: number; key: Bytes; share: Bytes };
export type Approval = { recovery: string; share: string; signature: string; chain: string };

/** Nothing in it is a server's to choose. */
export function spokenOf(person: string, key: Bytes): Bytes {
  return encode(fields({ purpose: 'mizuhiki recovery code v2', person, key: hex(sha256(key)) }));
}

/** @param typed the code that the person said @throws Refusal `recovery-code-differs`, `account-damaged` */
export async function approve(asked: Asked, typed: string, by: Keyring): Promise<Approval> {
  // 1. it is the person's own device that asks
  check('recovery-code-differs', isSpoken(typed, spokenOf(asked.person, asked.key)));
  // 2. the own share, for that device
  const share = await openShare(asked.share, by.opener, kept(asked.person, asked.slot, asked.position, by.id));
  const closed = await closeShare(share, asked.key, given(asked, by.id));
  share.fill(0);
  // 3. signed, for this recovery only
  const statement = fields({
    kind: 'recovery-approval', recovery: asked.id, person: asked.person, guardian: by.id, key: hex(sha256(asked.key)),
    share: hex(sha256(closed)),
  });
  const signature = base64(await sign(by.signing, encode(statement)));
  const chain = base64(Uint8Array.from(by.chain.flatMap((c) => [...c.der])));
  return { recovery: asked.id, share: base64(closed), signature, chain };
}

function kept(person: string, slot: string, position: number, guardian: string): Fields {
  return fields({ purpose: 'mizuhiki guardian v1 kept', person, slot, position: String(position), guardian });
}

function given({ person, id, position }: Asked, guardian: string): Fields {
  return fields({ purpose: 'mizuhiki guardian v1 given', person, recovery: id, position: String(position), guardian });
}
