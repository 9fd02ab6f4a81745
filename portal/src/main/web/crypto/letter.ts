/** Opens what was sealed (room `seal`): X-Wing slot, letter body, segmented attachments. */
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { concat, equal, hex, own, unbase64, utf8, type Bytes } from './bytes';
import { decode, get, type Fields } from './canonical';
import { context, der, oid, octets, Parts, read, seq, set, small, Tag } from './der';
import { derive, openGcm, sha256, unwrapKey } from './hash';
import { isPerson } from './member';
import { check, unless } from './refusal';
import { LETTER, verifySigned, type Verified } from './signed';

export const AUTH_ENVELOPED = oid('1.2.840.113549.1.9.16.1.23');
export const LETTER_1 = oid('2.25.223184392472757998189538959666324524117');
export const KEY_COMMITMENT = oid('2.25.96765687572549374486539875110945380665');
export const AES256_GCM = oid('2.16.840.1.101.3.4.1.46');
export const ORI_KEM = oid('1.2.840.113549.1.9.16.13.3');
export const X_WING = seq(oid('1.3.6.1.4.1.62253.25722'));
export const HKDF_SHA256 = seq(oid('1.2.840.113549.1.9.16.3.28'));
export const AES256_WRAP = seq(oid('2.16.840.1.101.3.4.1.45'));
const MAX_SLOT = 8 << 10;
const MAX_BODY = (20 << 20) + (4 << 20);
const CIPHERTEXT = 1120;
export const TAG = 16;
export const HEADER = 40;
export const SEGMENT = 64 << 10;

/** A key that opens slots. @property seed 32 bytes; @property publicKey 1216 bytes */
export type Opener = { seed: Bytes; publicKey: Bytes };

/** The public half belongs to the seed. @throws Refusal `keyring-damaged` */
export function opener(seed: Bytes, publicKey: Bytes): Opener {
  check('keyring-damaged', seed.length === 32 && equal(ml_kem768_x25519.keygen(seed).publicKey, publicKey));
  return { seed, publicKey };
}

export function openerOf(seed: Bytes): Opener {
  return { seed, publicKey: own(ml_kem768_x25519.keygen(seed).publicKey) };
}

/** @param slot a KEM RecipientInfo (RFC 9629) made for this key @return 32 bytes @throws Refusal `seal-broken` */
export function openSlot(slot: Uint8Array, by: Opener): Promise<Bytes> {
  return unless('seal-broken', async () => {
    check('seal-broken', slot.length <= MAX_SLOT);
    const outer = new Parts([read(slot)]).next(context(4)).parts();
    outer.exactly(ORI_KEM);
    const kem = outer.next(Tag.SEQUENCE).parts();
    outer.done();
    kem.exactly(small(0));
    const id = kem.next(context(0, false)).content;
    kem.exactly(X_WING);
    const ciphertext = kem.next(Tag.OCTETS).content;
    kem.exactly(HKDF_SHA256);
    kem.exactly(small(32));
    kem.exactly(AES256_WRAP);
    const wrapped = kem.next(Tag.OCTETS).content;
    kem.done();
    check('seal-not-for-you', equal(id, sha256(by.publicKey)));
    check('seal-broken', ciphertext.length === CIPHERTEXT);
    const pair = ml_kem768_x25519.keygen(by.seed);
    const shared = ml_kem768_x25519.decapsulate(ciphertext, pair.secretKey);
    const kek = derive(shared, seq(AES256_WRAP, small(32)));
    const key = await unwrapKey(kek, wrapped);
    check('seal-broken', key.length === 32);
    return key;
  });
}

export type OpenedLetter = { verified: Verified; manifest: Manifest };

/** @param body AuthEnvelopedData without recipients; a letter's name is its digest */
export async function openLetter(body: Uint8Array, slot: Uint8Array, by: Opener): Promise<OpenedLetter> {
  const closed = await unless('seal-broken', () => parseBody(body));
  const key = await committed(closed.commitment, slot, by);
  const signed = await openGcm(key, closed.nonce, new Uint8Array(), concat(closed.ciphertext, closed.tag), 'seal-broken');
  const verified = await verifySigned(signed, LETTER);
  const manifest = await unless('manifest-malformed', () => readManifest(decode(verified.metadata!)));
  return { verified, manifest };
}

/** A slot of another letter gives another key: the commitment tells before anything is decrypted. */
async function committed(commitment: Bytes, slot: Uint8Array, by: Opener): Promise<Bytes> {
  const key = await openSlot(slot, by);
  check('seal-broken', equal(commitmentOf(key), commitment));
  return key;
}

/** The key that closes this body, out of one's own slot. */
export async function contentKey(body: Uint8Array, slot: Uint8Array, by: Opener): Promise<Bytes> {
  return committed((await unless('seal-broken', () => parseBody(body))).commitment, slot, by);
}

export function commitmentOf(key: Bytes): Bytes {
  return derive(key, utf8(`${LETTER} key commitment`));
}

function parseBody(body: Uint8Array) {
  check('seal-broken', body.length <= MAX_BODY);
  const outer = new Parts([read(body)]).next(Tag.SEQUENCE).parts();
  outer.exactly(AUTH_ENVELOPED);
  const explicit = outer.next(context(0)).parts();
  outer.done();
  const parts = explicit.next(Tag.SEQUENCE).parts();
  explicit.done();
  parts.exactly(small(0));
  const originator = parts.next(context(0)).whole;
  parts.exactly(set());
  const content = parts.next(Tag.SEQUENCE).parts();
  const tag = parts.next(Tag.OCTETS).content;
  parts.done();
  content.exactly(LETTER_1);
  const algorithm = content.next(Tag.SEQUENCE).parts();
  const ciphertext = content.next(context(0, false)).content;
  content.done();
  algorithm.exactly(AES256_GCM);
  const gcm = algorithm.next(Tag.SEQUENCE).parts();
  algorithm.done();
  const nonce = gcm.next(Tag.OCTETS).content;
  gcm.exactly(small(TAG));
  gcm.done();
  check('seal-broken', nonce.length === 12 && tag.length === TAG);
  return { nonce, ciphertext, tag, commitment: commitment(originator) };
}

function commitment(originator: Bytes): Bytes {
  const value = originator.slice(-32);
  const other = der(context(3), KEY_COMMITMENT, octets(value));
  check('seal-broken', equal(der(context(0), der(context(0), other)), originator));
  return value;
}

export type Attachment = { name: string; mediaType: string; size: number; plain: string; closed: string; key: Bytes };
export type Manifest = { owner: string; context: string; items: Attachment[] };

const TYPES = new Set(['application/pdf', 'application/dicom']);
const NAME = /^[^\u0000-\u001f\u007f/\\]{1,255}$/;

function readManifest(record: Fields): Manifest {
  check('manifest-malformed', get(record, 'kind') === 'mizuhiki-letter-manifest-1' && isPerson(get(record, 'owner')));
  const count = whole(get(record, 'objects'));
  check('manifest-malformed', count <= 100);
  const items = Array.from({ length: count }, (_, n) => item(record, `object.${n}`));
  check('manifest-malformed', new Set(items.map((i) => i.name)).size === items.length);
  return { owner: get(record, 'owner'), context: get(record, 'context'), items };
}

function item(record: Fields, at: string): Attachment {
  const one = {
    name: get(record, `${at}.name`), mediaType: get(record, `${at}.media-type`), size: whole(get(record, `${at}.size`)),
    plain: get(record, `${at}.plain`), closed: get(record, `${at}.closed`), key: unbase64(get(record, `${at}.key`)),
  };
  const digests = [one.plain, one.closed].every((d) => /^[0-9a-f]{64}$/.test(d));
  check('manifest-malformed', digests && TYPES.has(one.mediaType) && NAME.test(one.name) && one.key.length === 32);
  return one;
}

function whole(digits: string): number {
  check('manifest-malformed', /^(?:0|[1-9][0-9]{0,14})$/.test(digits));
  return Number(digits);
}

/**
 * An attachment in Tink's AES-GCM-HKDF segments of 64 KiB: number and "last" are in every nonce, so nothing can be cut or
 * re-ordered; given out only when size and digest are those that the author signed.
 */
export async function openAttachment(closed: Bytes, item: Attachment, manifest: Manifest): Promise<Bytes> {
  check('store-swapped', (await digested(closed)) === item.closed);
  check('seal-broken', closed.length >= HEADER + TAG && closed[0] === HEADER);
  const key = derive(item.key, utf8(`mizuhiki-object:${manifest.context}`), closed.slice(1, 33));
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const prefix = closed.slice(33, HEADER);
  const plain = await unless('seal-broken', async () => {
    const open = new Uint8Array(closed.length - HEADER - TAG * Math.ceil(closed.length / SEGMENT));
    let to = 0;
    for (let at = HEADER, number = 0; at < closed.length; number++) {
      const end = Math.min(closed.length, at + SEGMENT - (number === 0 ? HEADER : 0));
      const iv = concat(prefix, counter(number), Uint8Array.of(end === closed.length ? 1 : 0));
      const part = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, tagLength: 128 }, imported, closed.subarray(at, end));
      open.set(new Uint8Array(part), to);
      to += part.byteLength;
      at = end;
    }
    return open;
  });
  check('seal-broken', plain.length === item.size && (await digested(plain)) === item.plain);
  return plain;
}

/** SHA-256 by WebCrypto: several times faster than any script's. */
async function digested(bytes: Bytes): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

export function counter(number: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}
