/** Octets as they travel: strict base64 and hexadecimal, one spelling each. */
export type Bytes = Uint8Array<ArrayBuffer>;

const UTF8 = new TextEncoder();

export function utf8(text: string): Bytes {
  return UTF8.encode(text);
}

/** @throws TypeError on malformed UTF-8 */
export function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}

/** @throws RangeError on any other spelling of the same bytes */
export function unbase64(encoded: string): Bytes {
  const bytes = decoded(encoded);
  if (base64(bytes) !== encoded) {
    throw new RangeError('not base64 in its one spelling');
  }
  return bytes;
}

function decoded(encoded: string): Bytes {
  try {
    return Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
  } catch {
    throw new RangeError('not base64');
  }
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function unhex(digits: string): Bytes {
  if (!/^(?:[0-9a-f]{2})*$/.test(digits)) {
    throw new RangeError('not lower case hexadecimal');
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function concat(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Of public values; secrets are compared by what opens. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}

/** A copy that WebCrypto may take, whatever buffer it came out of. */
export function own(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

/** Big-endian whole number up to 2^53 - 1. */
export function number(bytes: Uint8Array): number {
  const value = bytes.reduce((sum, octet) => sum * 256 + octet, 0);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError('number too large');
  }
  return value;
}

/** Big-endian in `size` bytes. */
export function whole(value: number, size: 4 | 8): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes.slice(8 - size);
}

export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}
