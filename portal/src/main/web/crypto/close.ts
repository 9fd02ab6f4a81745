/** Closes what `letter.ts` opens (room `seal`): X-Wing slots, letter bodies, segmented attachments. */
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { base64, concat, hex, random, utf8, type Bytes } from './bytes';
import type { Certificate } from './certificate';
import { encode, fields } from './canonical';
import { context, der, octets, seq, set, small } from './der';
import { closeGcm, derive, sha256, wrapKey } from './hash';
import * as form from './letter';
import { check, no } from './refusal';
import { LETTER, signData, type Stamping } from './signed';

export type Slot = { keyId: string; encoded: Bytes };
export type Sealed = { letter: string; body: Bytes; slots: Slot[] };

const MAX_CONTENT = 20 << 20;

/** @param key 32 bytes @param reader an X-Wing public key @throws Refusal `reader-key` for what is no such key */
export async function slot(key: Bytes, reader: Bytes): Promise<Slot> {
  const id = sha256(reader);
  const made = encapsulated(reader);
  const kek = derive(made.sharedSecret, seq(form.AES256_WRAP, small(32)));
  const wrapped = await wrapKey(kek, key);
  const kem = seq(
    small(0), der(context(0, false), id), form.X_WING, octets(made.cipherText), form.HKDF_SHA256, small(32), form.AES256_WRAP, octets(wrapped),
  );
  return { keyId: hex(id), encoded: der(context(4), form.ORI_KEM, kem) };
}

function encapsulated(reader: Bytes): { cipherText: Uint8Array; sharedSecret: Uint8Array } {
  try {
    return ml_kem768_x25519.encapsulate(reader);
  } catch {
    throw no('reader-key');
  }
}

/** Signs, stamps and closes. @param readers X-Wing public keys, each once */
export async function closeLetter(
  content: Bytes, metadata: Bytes, chain: Certificate[], signing: CryptoKey, stamp: Stamping, readers: Bytes[],
): Promise<Sealed> {
  check('letter-too-large', content.length <= MAX_CONTENT && metadata.length <= 256 << 10);
  const signed = await signData(content, LETTER, metadata, chain, signing, stamp);
  const key = random(32);
  const nonce = random(12);
  const closed = await closeGcm(key, nonce, new Uint8Array(), signed);
  const body = bodyOf(nonce, closed.subarray(0, closed.length - form.TAG), closed.subarray(closed.length - form.TAG), form.commitmentOf(key));
  const slots = await Promise.all(readers.map((reader) => slot(key, reader)));
  key.fill(0);
  return { letter: hex(sha256(body)), body, slots };
}

function bodyOf(nonce: Bytes, ciphertext: Bytes, tag: Bytes, commitment: Bytes): Bytes {
  const other = der(context(3), form.KEY_COMMITMENT, octets(commitment));
  const content = seq(
    form.LETTER_1, seq(form.AES256_GCM, seq(octets(nonce), small(form.TAG))), der(context(0, false), ciphertext),
  );
  const inner = seq(small(0), der(context(0), der(context(0), other)), set(), content, octets(tag));
  return seq(form.AUTH_ENVELOPED, der(context(0), inner));
}

/** A slot for one more reader; the body is not touched, so the letter stays what it is. */
export async function addSlot(body: Bytes, mine: Uint8Array, by: form.Opener, reader: Bytes): Promise<Slot> {
  const key = await form.contentKey(body, mine, by);
  const made = await slot(key, reader);
  key.fill(0);
  return made;
}

export type ClosedAttachment = { item: form.Attachment; closed: Bytes };

/**
 * One attachment under a key of its own, in Tink's AES-GCM-HKDF segments of 64 KiB. Both digests are WebCrypto's, over
 * the whole: several times faster than any script's.
 * @param letter the manifest's context @param progress bytes done so far
 */
export async function closeAttachment(
  name: string, mediaType: string, plain: Bytes, letter: string, progress: (done: number) => void,
): Promise<ClosedAttachment> {
  const key = random(32);
  const header = random(form.HEADER);
  header[0] = form.HEADER;
  const derived = derive(key, utf8(`mizuhiki-object:${letter}`), header.slice(1, 33));
  const imported = await crypto.subtle.importKey('raw', derived, 'AES-GCM', false, ['encrypt']);
  const digest = crypto.subtle.digest('SHA-256', plain);
  const closed = await segments(plain, header, imported, progress);
  const [open, shut] = [await digest, await crypto.subtle.digest('SHA-256', closed)].map((d) => hex(new Uint8Array(d)));
  return { item: { name, mediaType, size: plain.length, plain: open!, closed: shut!, key }, closed };
}

async function segments(plain: Bytes, header: Bytes, key: CryptoKey, progress: (done: number) => void): Promise<Bytes> {
  const first = form.SEGMENT - form.HEADER - form.TAG;
  const rest = form.SEGMENT - form.TAG;
  const count = plain.length <= first ? 1 : 1 + Math.ceil((plain.length - first) / rest);
  const closed = new Uint8Array(form.HEADER + plain.length + count * form.TAG);
  closed.set(header);
  // a few at once: each call crosses to another thread and back
  for (let from = 0; from < count; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, async (_, n) => {
      const number = from + n;
      const begin = number === 0 ? 0 : first + (number - 1) * rest;
      const end = number === count - 1 ? plain.length : first + number * rest;
      const iv = concat(header.subarray(33, form.HEADER), form.counter(number), Uint8Array.of(number === count - 1 ? 1 : 0));
      const part = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, tagLength: 128 }, key, plain.subarray(begin, end));
      closed.set(new Uint8Array(part), form.HEADER + begin + number * form.TAG);
    });
    await Promise.all(some);
    progress(Math.min(plain.length, first + (from + AT_ONCE - 1) * rest));
  }
  return closed;
}
const AT_ONCE = 32;

/** What the author signs of the attachments, beside the document. */
export function manifest(of: form.Manifest): Bytes {
  const record: Record<string, string> = {
    kind: 'mizuhiki-letter-manifest-1', owner: of.owner, 'media-type': 'application/fhir+json', context: of.context,
    objects: String(of.items.length),
  };
  of.items.forEach((item, n) => {
    const at = `object.${n}`;
    record[`${at}.name`] = item.name;
    record[`${at}.media-type`] = item.mediaType;
    record[`${at}.size`] = String(item.size);
    record[`${at}.plain`] = item.plain;
    record[`${at}.closed`] = item.closed;
    record[`${at}.key`] = base64(item.key);
  });
  return encode(fields(record));
}

