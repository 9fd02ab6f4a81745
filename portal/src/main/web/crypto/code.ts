/** The printed recovery code (room `account`, RecoveryCode): 128 random bits, 12 of checksum, in Crockford's base32. */
import { concat, equal, type Bytes } from './bytes';
import { sha256 } from './hash';
import { check } from './refusal';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BYTES = 16;
const CHARACTERS = 28;
const LONGEST = 200;

/** For paper only: whoever reads it opens the account. Seven groups of four characters. */
export function revealed(code: Bytes): string {
  return grouped(withChecksum(code), CHARACTERS);
}

/** Upper or lower case, I and L for 1, O for 0, any hyphens and spaces. @throws Refusal `recovery-code-mistyped` */
export function readCode(typed: string): Bytes {
  check('recovery-code-mistyped', typed.length <= LONGEST);
  const plain = typed.toUpperCase().replace(/[-\s]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  const digits = Array.from(plain, (c) => ALPHABET.indexOf(c));
  check('recovery-code-mistyped', digits.length === CHARACTERS && digits.every((d) => d >= 0));
  const bytes = new Uint8Array(BYTES + 2);
  digits.forEach((digit, at) => {
    for (let bit = 0; bit < 5; bit++) {
      const place = at * 5 + bit;
      bytes[place >> 3]! |= ((digit >> (4 - bit)) & 1) << (7 - (place % 8));
    }
  });
  const code = bytes.slice(0, BYTES);
  check('recovery-code-mistyped', equal(withChecksum(code), bytes));
  return code;
}

/** 140 bits in 18 bytes, the last half byte zero. */
function withChecksum(code: Bytes): Bytes {
  const sum = sha256(code);
  return concat(code, Uint8Array.of(sum[0]!, sum[1]! & 0xf0));
}

function grouped(bytes: Bytes, characters: number): string {
  const bit = (place: number) => (bytes[place >> 3]! >> (7 - (place % 8))) & 1;
  const digits = Array.from({ length: characters }, (_, at) => [0, 1, 2, 3, 4].reduce((sum, n) => (sum << 1) | bit(at * 5 + n), 0));
  return digits.map((digit) => ALPHABET[digit]).join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** Sixteen characters (80 bits) for people to compare by telephone: another text with the same ones is not to be found. */
export function spoken(about: Uint8Array): string {
  return grouped(sha256(about), 16);
}

export function isSpoken(typed: string, about: Uint8Array): boolean {
  return typed.trim().toUpperCase().replace(/[\s-]+/g, '') === spoken(about).replaceAll('-', '');
}
