/** X.509 certificates and revocation lists of this region (RFC 5280): read strictly, nothing decided here. */
import { equal, hex, text, type Bytes } from './bytes';
import { context, oid, Parts, read, Tag, time, Malformed, type Element } from './der';
import { sha256 } from './hash';
import { verify, type Curve } from './ecdsa';

const EC_PUBLIC_KEY = oid('1.2.840.10045.2.1');
const CURVES: [Curve, Bytes][] = [['P-256', oid('1.2.840.10045.3.1.7')], ['P-384', oid('1.3.132.0.34')]];
const SIGNED_WITH: Record<Curve, Bytes> = { 'P-256': oid('1.2.840.10045.4.3.2'), 'P-384': oid('1.2.840.10045.4.3.3') };
const KNOWN = new Set(['2.5.29.15', '2.5.29.19', '2.5.29.30', '2.5.29.31', '2.5.29.32', '2.5.29.35', '2.5.29.37'].map((o) => hex(oid(o))));

export type Certificate = {
  der: Bytes;
  digest: string;
  serial: string;
  issuer: Bytes;
  subject: Bytes;
  from: number;
  until: number;
  spki: Bytes;
  tbs: Bytes;
  algorithm: Bytes;
  signature: Bytes;
  extensions: Map<string, { critical: boolean; value: Bytes }>;
};

/** @throws Malformed */
export function certificate(der: Uint8Array): Certificate {
  const whole = read(der);
  const [tbs, algorithm, signature] = signedParts(whole);
  const parts = tbs.parts();
  const version = parts.next(context(0)).parts();
  version.exactly(Uint8Array.of(2, 1, 2));
  version.done();
  const serial = parts.next(Tag.INTEGER);
  parts.exactly(algorithm.whole);
  const issuer = parts.next(Tag.SEQUENCE).whole;
  const life = parts.next(Tag.SEQUENCE).parts();
  const [from, until] = [time(life.any()), time(life.any())];
  life.done();
  const subject = parts.next(Tag.SEQUENCE).whole;
  const spki = parts.next(Tag.SEQUENCE).whole;
  const extended = parts.next(context(3)).parts();
  const extensions = extensionsOf(extended.next(Tag.SEQUENCE));
  parts.done();
  return {
    der: whole.whole, digest: hex(sha256(whole.whole)), serial: hex(serial.content), issuer, subject, from, until, spki,
    tbs: tbs.whole, algorithm: algorithm.whole, signature, extensions,
  };
}

function signedParts(whole: Element): [Element, Element, Bytes] {
  const outer = new Parts([whole]).next(Tag.SEQUENCE).parts();
  const tbs = outer.next(Tag.SEQUENCE);
  const algorithm = outer.next(Tag.SEQUENCE);
  const bits = outer.next(Tag.BITS).content;
  outer.done();
  if (bits[0] !== 0) {
    throw new Malformed('unused bits');
  }
  return [tbs, algorithm, bits.slice(1)];
}

function extensionsOf(list: Element): Certificate['extensions'] {
  const found: Certificate['extensions'] = new Map();
  for (const one of list.parts().all) {
    const parts = one.parts();
    const id = hex(parts.next(Tag.OID).whole);
    const critical = parts.optional(Tag.BOOLEAN) !== undefined;
    const value = parts.next(Tag.OCTETS).content;
    parts.done();
    if (found.has(id) || (critical && !KNOWN.has(id))) {
      throw new Malformed('extension');
    }
    found.set(id, { critical, value });
  }
  return found;
}

export function extension(of: Certificate, dotted: string): Element | undefined {
  const found = of.extensions.get(hex(oid(dotted)));
  return found && read(found.value);
}

/** Names of purposes or policies: SEQUENCE of OID, or of SEQUENCE that begins with one. */
export function oids(list: Element | undefined): string[] {
  return (list?.parts().all ?? []).map((one) => hex(one.is(Tag.OID) ? one.whole : one.parts().next(Tag.OID).whole));
}

/** Bits of keyUsage, bit 0 first. */
export function usage(of: Certificate, bit: number): boolean {
  const bits = extension(of, '2.5.29.15');
  if (!bits?.is(Tag.BITS)) {
    return false;
  }
  return ((bits.content[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0;
}

/** @return the path length that a CA allows below it; undefined for no CA */
export function pathLength(of: Certificate): number | undefined {
  const constraints = extension(of, '2.5.29.19')?.parts();
  if (!constraints?.optional(Tag.BOOLEAN)) {
    return undefined;
  }
  const most = constraints.optional(Tag.INTEGER);
  constraints.done();
  return most ? Number(most.content[0]) : Number.POSITIVE_INFINITY;
}

export function curve(spki: Uint8Array): Curve | undefined {
  const algorithm = read(spki).parts().next(Tag.SEQUENCE).parts();
  if (!equal(algorithm.any().whole, EC_PUBLIC_KEY)) {
    return undefined;
  }
  const named = algorithm.any().whole;
  return CURVES.find(([, id]) => equal(id, named))?.[0];
}

/** Whether this key signed those parts, by the one algorithm that belongs to its curve. */
export async function signedBy(spki: Uint8Array, tbs: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const on = curve(spki);
  if (!on) {
    return false;
  }
  const parts = read(algorithm).parts();
  return equal(parts.any().whole, SIGNED_WITH[on]) && verify(spki, on, signature, tbs);
}

export type RevocationList = { thisUpdate: number; nextUpdate: number; ended: Map<string, number> };

/** A whole list of one CA. @throws Malformed, also for lists that tell a part only */
export async function revocationList(der: Uint8Array, ca: Certificate): Promise<RevocationList> {
  const [tbs, algorithm, signature] = signedParts(read(der, 2_000_000));
  const parts = tbs.parts();
  parts.exactly(Uint8Array.of(2, 1, 1));
  parts.exactly(algorithm.whole);
  const issuer = parts.next(Tag.SEQUENCE).whole;
  const [thisUpdate, nextUpdate] = [time(parts.any()), time(parts.any())];
  const ended = new Map<string, number>();
  for (const one of parts.optional(Tag.SEQUENCE)?.parts().all ?? []) {
    const entry = one.parts();
    ended.set(hex(entry.next(Tag.INTEGER).content), time(entry.any()));
  }
  const listed = extensionsOf(parts.next(context(0)).parts().next(Tag.SEQUENCE));
  parts.done();
  const partial = ['2.5.29.27', '2.5.29.28'].some((o) => listed.has(hex(oid(o))));
  if (partial || !equal(issuer, ca.subject) || !(await signedBy(ca.spki, tbs.whole, algorithm.whole, signature))) {
    throw new Malformed('not a whole list of this CA');
  }
  return { thisUpdate, nextUpdate, ended };
}

/** Attributes of a name, one to a step, in order. */
export function attributes(name: Uint8Array): { type: string; value: string; tag: number; step: Bytes }[] {
  return read(name).parts().all.map((step) => {
    const set = step.parts();
    const pair = set.next(Tag.SEQUENCE).parts();
    set.done();
    const type = hex(pair.next(Tag.OID).whole);
    const value = pair.any();
    pair.done();
    return { type, value: text(value.content), tag: value.tag, step: step.whole };
  });
}
