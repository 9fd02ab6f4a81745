/** A person's keys (room `pocket`, Keyring), as this page uses them. */
import { number, own, text, type Bytes } from './bytes';
import { certificate, type Certificate } from './certificate';
import { signingKey } from './ecdsa';
import { opener, type Opener } from './letter';
import { member, type Member } from './member';
import { check, unless } from './refusal';
import type { Trust } from './trust';

/** @property signing cannot be read out again by any script @property local closes what waits on a device's disk */
export type Keyring = { id: string; signing: CryptoKey; chain: Certificate[]; opener: Opener; local: Bytes };

/** @throws Refusal `keyring-damaged`, `card-needed` */
export function decodeKeyring(bytes: Bytes): Promise<Keyring> {
  return unless('keyring-damaged', () => read(bytes));
}

async function read(bytes: Bytes): Promise<Keyring> {
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
  const local = part();
  part(); // the sealing certificate: for those who write to this person
  const count = bytes[at++] ?? 0;
  check('keyring-damaged', count > 0 && count <= 8);
  const chain = Array.from({ length: count }, () => certificate(part()));
  check('keyring-damaged', at === bytes.length);
  return { id, signing: await signingKey(written), chain, opener: opener(seed, publicKey), local };
}

/** It is this person's, from this region. @param now milliseconds @return who, as the certificate says */
export async function mustBeOf(person: string, ring: Keyring, trust: Trust, now: number): Promise<Member> {
  const who = member(ring.chain[0]!);
  check('certificate-not-mine', ring.id === person && who.kind !== 'server' && who.id === person);
  return trust.check(ring.chain, 'connect', now);
}
