/** Keys that are made here, and what an authority is asked to certify (room `trust`, EnrolmentRequests; RFC 2986). */
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { base64, concat, equal, hex, own, random, utf8, whole, type Bytes } from './bytes';
import { encode, fields } from './canonical';
import { certificate, type Certificate } from './certificate';
import { ECDSA_SHA256 } from './cms';
import { context, der, seq, small, Tag } from './der';
import { sign } from './ecdsa';
import { sha256 } from './hash';
import { member } from './member';
import { check, unless } from './refusal';
import type { Trust } from './trust';

/** In base64, as the authority takes it. */
export type Request = { signing: string; sealing: string; binding: string };

/** @property pkcs8 of the signing key, @property seed of the X-Wing key: both go into the closed keyring and nowhere else */
export type NewKeys = { pkcs8: Bytes; spki: Bytes; seed: Bytes; publicKey: Bytes; request: Request };

export async function newKeys(): Promise<NewKeys> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey('pkcs8', pair.privateKey), crypto.subtle.exportKey('spki', pair.publicKey),
  ]).then((both) => both.map((one) => new Uint8Array(one)));
  const seed = random(32);
  const publicKey = own(ml_kem768_x25519.keygen(seed).publicKey);
  const signing = await pkcs10(spki!, pair.privateKey);
  const binding = await sign(pair.privateKey, concat(utf8('mizuhiki sealing key v1\n'), publicKey));
  const request = { signing: base64(signing), sealing: base64(publicKey), binding: base64(binding) };
  return { pkcs8: pkcs8!, spki: spki!, seed, publicKey, request };
}

/** Without a name: whose key it is, the ticket says. */
async function pkcs10(spki: Bytes, key: CryptoKey): Promise<Bytes> {
  const wish = seq(small(0), seq(), spki, der(context(0)));
  return seq(wish, ECDSA_SHA256, der(Tag.BITS, Uint8Array.of(0), await sign(key, wish)));
}

/** Six digits by which the desk tells this page from any other that read the same QR code (ConfirmationCode). @param ticket its ID */
export function confirmation(ticket: string, request: Request): string {
  const asked = hex(sha256(encode(fields(request))));
  const hash = hex(sha256(utf8(`mizuhiki confirmation code v1\n${ticket}\n${asked}`)));
  return (BigInt(`0x${hash}`) % 1_000_000n).toString().padStart(6, '0');
}

/**
 * What came back is for these keys, of one person, from this region.
 * @param signing chain, own first, DER @param now milliseconds
 * @return the keyring as devices write it @throws Refusal `certificate-not-mine`
 */
export async function certified(keys: NewKeys, signing: Bytes[], sealing: Bytes, trust: Trust, now: number): Promise<{ id: string; keyring: Bytes }> {
  const chain = await unless('certificate-not-mine', () => signing.map(certificate));
  const sealed = await unless('certificate-not-mine', () => certificate(sealing));
  check('certificate-not-mine', chain.length > 0 && chain.length <= 4 && equal(chain[0]!.spki, keys.spki));
  check('certificate-not-mine', equal(sealed.spki.slice(-keys.publicKey.length), keys.publicKey));
  const who = await trust.check(chain, 'sign', now);
  check('certificate-not-mine', who.kind === 'patient' && JSON.stringify(member(sealed)) === JSON.stringify(who));
  return { id: who.id, keyring: written(who.id, keys, chain, sealed) };
}

/** The form of room `pocket`, Keyring; the last secret closes drafts on a device's disk. */
function written(id: string, keys: NewKeys, chain: Certificate[], sealing: Certificate): Bytes {
  const part = (bytes: Uint8Array) => concat(whole(bytes.length, 4), bytes);
  return concat(
    Uint8Array.of(1), part(utf8(id)), part(keys.pkcs8), part(keys.seed), part(keys.publicKey), part(random(32)), part(sealing.der),
    Uint8Array.of(chain.length), ...chain.map((c) => part(c.der)),
  );
}

/** `1.<region>.<ticket>.<end>`, what stands behind the `#` of an invitation (EnrolmentLink). @property expires milliseconds */
export type Invitation = { region: string; ticket: string; secret: string; expires: number };

/** @throws Refusal `link-malformed` */
export function invitation(fragment: string): Invitation {
  const parts = /^#1\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{32})\.([1-9][0-9]{0,11})$/.exec(fragment) ?? [];
  check('link-malformed', parts.length === 4);
  const [region, ticket] = [octets(parts[1]!), octets(parts[2]!)];
  check('link-malformed', region.length === 32 && ticket.length === 24);
  return { region: hex(region), ticket: hex(ticket.slice(0, 8)), secret: hex(ticket.slice(8)), expires: Number(parts[3]) * 1000 };
}

/** One spelling only. */
function octets(base64url: string): Bytes {
  const plain = base64url.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(plain + '='.repeat((4 - (plain.length % 4)) % 4)), (c) => c.charCodeAt(0));
  check('link-malformed', base64(bytes).replace(/=+$/, '') === plain);
  return bytes;
}

/** SHA-256 of all that devices pin (RegionTrust, fingerprint). */
export function fingerprint(region: {
  region: string; roots: Bytes[]; quantumSafeRoot: Bytes; log: { origin: string; classical: Bytes; quantumSafe: Bytes; quorum: number; witnesses: Map<string, Bytes> };
}): string {
  const of = (bytes: Uint8Array) => hex(sha256(bytes));
  const pinned: Record<string, string> = {
    kind: 'region', region: region.region, roots: region.roots.map(of).sort().join(','), 'quantum-safe-root': of(region.quantumSafeRoot),
    log: region.log.origin, 'log-classical': of(region.log.classical), 'log-quantum-safe': of(region.log.quantumSafe),
    quorum: String(region.log.quorum),
  };
  region.log.witnesses.forEach((key, name) => (pinned[`witness/${name}`] = of(key)));
  return hex(sha256(encode(fields(pinned))));
}
