/** ECDSA over P-256 and P-384 through WebCrypto, which speaks r‖s where certificates speak DER (RFC 3279, 2.2.3). */
import { concat, own, type Bytes } from './bytes';
import { der, Malformed, Parts, read, seq, Tag } from './der';

export type Curve = 'P-256' | 'P-384';
const WIDTH = { 'P-256': 32, 'P-384': 48 } as const;
const HASH = { 'P-256': 'SHA-256', 'P-384': 'SHA-384' } as const;

/** @param spki SubjectPublicKeyInfo; a key of another curve verifies nothing */
export async function verify(spki: Uint8Array, curve: Curve, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  try {
    const name = { name: 'ECDSA', namedCurve: curve };
    const key = await crypto.subtle.importKey('spki', own(spki), name, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: HASH[curve] }, key, raw(signature, WIDTH[curve]), own(message));
  } catch {
    return false;
  }
}

/** A private key that no script can read out again. @param pkcs8 P-256 */
export function signingKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', own(pkcs8), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}

/** @return Ecdsa-Sig-Value, DER */
export async function sign(key: CryptoKey, message: Uint8Array): Promise<Bytes> {
  const both = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, own(message)));
  return seq(integer(both.slice(0, 32)), integer(both.slice(32)));
}

function raw(signature: Uint8Array, width: number): Bytes {
  const parts = new Parts([read(signature)]).next(Tag.SEQUENCE).parts();
  const numbers = [parts.next(Tag.INTEGER), parts.next(Tag.INTEGER)].map((n) => padded(n.content, width));
  parts.done();
  return concat(...numbers);
}

function padded(integerBytes: Bytes, width: number): Bytes {
  const digits = integerBytes[0] === 0 ? integerBytes.slice(1) : integerBytes;
  if (integerBytes[0]! >= 0x80 || digits.length === 0 || digits.length > width) {
    throw new Malformed('not a positive number of the curve');
  }
  return concat(new Uint8Array(width - digits.length), digits);
}

function integer(unsigned: Bytes): Bytes {
  let from = 0;
  while (from < unsigned.length - 1 && unsigned[from] === 0) {
    from++;
  }
  const digits = unsigned.slice(from);
  return der(Tag.INTEGER, digits[0]! >= 0x80 ? concat(Uint8Array.of(0), digits) : digits);
}
