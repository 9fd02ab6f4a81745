/** Hashes and key derivation; AES through WebCrypto, which has it in hardware. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as sha, sha384 as sha384of, sha512 as sha512of } from '@noble/hashes/sha2.js';
import { own, type Bytes } from './bytes';
import { no } from './refusal';

export function sha256(bytes: Uint8Array): Bytes {
  return own(sha(bytes));
}

export function sha384(bytes: Uint8Array): Bytes {
  return own(sha384of(bytes));
}

export function sha512(bytes: Uint8Array): Bytes {
  return own(sha512of(bytes));
}

/** HKDF-SHA-256 (RFC 5869). */
export function derive(key: Uint8Array, info: Uint8Array, salt: Uint8Array = new Uint8Array(), size = 32): Bytes {
  return own(hkdf(sha, key, salt, info, size));
}

/** AES-256-GCM, tag behind the ciphertext. @throws Refusal `broken` when the tag is wrong */
export async function openGcm(
  key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, closed: Uint8Array, broken: string,
): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['decrypt']);
  try {
    const algorithm = { name: 'AES-GCM', iv: own(nonce), additionalData: own(aad), tagLength: 128 };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, imported, own(closed)));
  } catch {
    throw no(broken);
  }
}

/** AES-256-GCM, tag behind the ciphertext. */
export async function closeGcm(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['encrypt']);
  const algorithm = { name: 'AES-GCM', iv: own(nonce), additionalData: own(aad), tagLength: 128 };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, own(plain)));
}

/** AES-256 key wrap (RFC 3394). @throws Refusal `seal-broken` for a wrong key */
export async function unwrapKey(kek: Uint8Array, wrapped: Uint8Array): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', own(kek), 'AES-KW', false, ['unwrapKey']);
  try {
    // as an HMAC key, which may have any length: what comes out is 32 bytes, checked by the caller
    const any = { name: 'HMAC', hash: 'SHA-256' };
    const key = await crypto.subtle.unwrapKey('raw', own(wrapped), imported, 'AES-KW', any, true, ['sign']);
    return new Uint8Array(await crypto.subtle.exportKey('raw', key));
  } catch {
    throw no('seal-broken');
  }
}

/** AES-256 key wrap (RFC 3394) of 32 bytes. */
export async function wrapKey(kek: Uint8Array, key: Uint8Array): Promise<Bytes> {
  const any = { name: 'HMAC', hash: 'SHA-256' };
  const inner = await crypto.subtle.importKey('raw', own(key), any, true, ['sign']);
  const outer = await crypto.subtle.importKey('raw', own(kek), 'AES-KW', false, ['wrapKey']);
  return new Uint8Array(await crypto.subtle.wrapKey('raw', inner, outer, 'AES-KW'));
}
