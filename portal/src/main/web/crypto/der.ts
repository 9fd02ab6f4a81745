/**
 * Strict DER (X.690): one value, one spelling, bounded; and the few values that are written here. Readers walk the
 * structure element by element and end with `done`, so that nothing they do not understand is left.
 */
import { concat, equal, hex, own, text, type Bytes } from './bytes';

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 20_000;
const MAX_WIDTH = 200_000;

/** Tags of universal types, and of context types by number. */
export const Tag = {
  BOOLEAN: 0x01, INTEGER: 0x02, BITS: 0x03, OCTETS: 0x04, NULL: 0x05, OID: 0x06, UTF8: 0x0c, SEQUENCE: 0x30, SET: 0x31,
  PRINTABLE: 0x13, IA5: 0x16, UTC: 0x17, GENERALIZED: 0x18,
} as const;

export const context = (n: number, constructed = true) => (constructed ? 0xa0 : 0x80) | n;

export class Malformed extends Error {}

/** One element: its tag, its content, and its whole encoding. */
export class Element {
  constructor(readonly tag: number, readonly content: Bytes, readonly whole: Bytes) {}

  /** Its parts, of a constructed one. */
  parts(): Parts {
    if ((this.tag & 0x20) === 0) {
      throw new Malformed('primitive');
    }
    return new Parts(elements(this.content));
  }

  is(tag: number): boolean {
    return this.tag === tag;
  }
}

/** Parts of an element, taken one after the other. */
export class Parts {
  private at = 0;

  constructor(readonly all: Element[]) {}

  next(tag: number): Element {
    const element = this.all[this.at++];
    if (!element || element.tag !== tag) {
      throw new Malformed(`expected ${tag.toString(16)}`);
    }
    return element;
  }

  any(): Element {
    const element = this.all[this.at++];
    if (!element) {
      throw new Malformed('cut off');
    }
    return element;
  }

  optional(tag: number): Element | undefined {
    return this.all[this.at]?.tag === tag ? this.all[this.at++] : undefined;
  }

  /** The next is exactly this encoding. */
  exactly(encoded: Uint8Array): void {
    if (!equal(this.any().whole, encoded)) {
      throw new Malformed('not of the profile');
    }
  }

  done(): void {
    if (this.at !== this.all.length) {
      throw new Malformed('surplus');
    }
  }
}

/** One value, no bytes behind it. @throws Malformed */
export function read(bytes: Uint8Array, limit = MAX_ELEMENTS): Element {
  const copy = own(bytes);
  const found = elements(copy);
  if (found.length !== 1) {
    throw new Malformed('not one value');
  }
  walk(found[0]!, 0, { left: limit });
  return found[0]!;
}

/** Every level is read once, so that a fault deep inside is found whatever a reader looks at. */
function walk(element: Element, depth: number, budget: { left: number }): void {
  if (depth > MAX_DEPTH || --budget.left < 0) {
    throw new Malformed('nested too deeply');
  }
  if ((element.tag & 0x20) === 0) {
    primitive(element);
    return;
  }
  for (const part of elements(element.content)) {
    walk(part, depth + 1, budget);
  }
}

function primitive(element: Element): void {
  const c = element.content;
  if (element.tag === Tag.BOOLEAN && !(c.length === 1 && c[0] === 0xff)) {
    throw new Malformed('boolean'); // DEFAULT FALSE is left out
  }
  const padded = c.length > 1 && ((c[0] === 0 && c[1]! < 0x80) || (c[0] === 0xff && c[1]! >= 0x80));
  if (element.tag === Tag.INTEGER && (c.length === 0 || padded)) {
    throw new Malformed('integer');
  }
  if (element.tag === Tag.NULL && c.length > 0) {
    throw new Malformed('null');
  }
}

function elements(bytes: Bytes): Element[] {
  const found: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (found.length > MAX_WIDTH) {
      throw new Malformed('too many');
    }
    const start = at;
    const tag = bytes[at++]!;
    if ((tag & 0x1f) === 0x1f || at >= bytes.length) {
      throw new Malformed('tag');
    }
    let length = bytes[at++]!;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      length = 0;
      for (let i = 0; i < octets; i++) {
        length = length * 256 + (bytes[at++] ?? Number.NaN);
      }
      const least = octets === 1 ? 0x80 : 256 ** (octets - 1);
      if (octets === 0 || octets > 4 || !(length >= least)) {
        throw new Malformed('length');
      }
    }
    if (length > bytes.length - at) {
      throw new Malformed('runs over its end');
    }
    found.push(new Element(tag, bytes.slice(at, at + length), bytes.slice(start, at + length)));
    at += length;
  }
  return found;
}

export function der(tag: number, ...content: Uint8Array[]): Bytes {
  const all = concat(...content);
  if (all.length < 0x80) {
    return concat(Uint8Array.of(tag, all.length), all);
  }
  const octets: number[] = [];
  for (let left = all.length; left > 0; left = Math.floor(left / 256)) {
    octets.unshift(left % 256);
  }
  return concat(Uint8Array.of(tag, 0x80 | octets.length, ...octets), all);
}

export const seq = (...parts: Uint8Array[]) => der(Tag.SEQUENCE, ...parts);
export const octets = (bytes: Uint8Array) => der(Tag.OCTETS, bytes);
export const small = (n: number) => der(Tag.INTEGER, Uint8Array.of(n));

/** SET OF in DER's order. */
export function set(...parts: Uint8Array[]): Bytes {
  const sorted = [...parts].sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
  return der(Tag.SET, ...sorted);
}

/** An object identifier from its dotted form; arcs may have 128 bits (2.25). */
export function oid(dotted: string): Bytes {
  const arcs = dotted.split('.').map(BigInt);
  const joined = [arcs[0]! * 40n + arcs[1]!, ...arcs.slice(2)];
  const bytes = joined.flatMap((arc) => {
    const septets = [Number(arc & 127n)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) {
      septets.unshift(Number(left & 127n) | 128);
    }
    return septets;
  });
  return der(Tag.OID, Uint8Array.from(bytes));
}

/** UTCTime or GeneralizedTime as DER spells them, in milliseconds since 1970. */
export function time(element: Element): number {
  const digits = text(element.content);
  const match = element.is(Tag.UTC)
    ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits)
    : element.is(Tag.GENERALIZED) ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{0,8}[1-9])?)Z$/.exec(digits) : null;
  if (!match) {
    throw new Malformed('time');
  }
  const short = Number(match[1]);
  const year = element.is(Tag.UTC) ? (short < 50 ? 2000 : 1900) + short : short;
  const [month, day, hour, minute] = match.slice(2, 6).map(Number) as [number, number, number, number];
  const at = Date.UTC(year, month - 1, day, hour, minute) + Number(match[6]) * 1000;
  const back = new Date(Date.UTC(year, month - 1, day));
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || Number(match[6]) >= 60) {
    throw new Malformed('time');
  }
  return at;
}
