/** What a time stamp and a signed record have in common: SignedData (RFC 5652) of one signer, nothing optional left open. */
import { equal, hex, type Bytes } from './bytes';
import { certificate, type Certificate } from './certificate';
import { context, der, Malformed, oid, Parts, read, seq, set, small, Tag, type Element } from './der';
import { sha256 } from './hash';

export const OID = {
  signedData: oid('1.2.840.113549.1.7.2'),
  data: oid('1.2.840.113549.1.7.1'),
  tstInfo: oid('1.2.840.113549.1.9.16.1.4'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingCertificate: oid('1.2.840.113549.1.9.16.2.47'),
  stampToken: oid('1.2.840.113549.1.9.16.2.14'),
  suite: oid('2.25.108991095720603262646836442322941200894'),
  metadata: oid('2.25.4578028979857794365295091293598989899'),
} as const;
export const SHA256 = seq(oid('2.16.840.1.101.3.4.2.1'));
export const ECDSA_SHA256 = seq(oid('1.2.840.10045.4.3.2'));
const MAX_CHAIN = 8;

export type Signed = {
  content: Bytes;
  certificates: Certificate[];
  signer: Certificate;
  /** value of each attribute, by the hexadecimal of its OID */
  attributes: Map<string, Element>;
  unsigned: Map<string, Element>;
  /** what the signature is over: SET OF, with its own tag */
  message: Bytes;
  signature: Bytes;
};

/** @param version of SignedData: 1 for data, 3 for anything else @throws Malformed */
export function signedData(bytes: Uint8Array, type: Bytes, version: number): Signed {
  const outer = new Parts([read(bytes)]).next(Tag.SEQUENCE).parts();
  outer.exactly(OID.signedData);
  const explicit = outer.next(context(0)).parts();
  outer.done();
  const data = explicit.next(Tag.SEQUENCE).parts();
  explicit.done();
  data.exactly(small(version));
  data.exactly(set(SHA256));
  const content = encapsulated(data.next(Tag.SEQUENCE), type);
  const certificates = data.next(context(0)).parts().all.map((c) => certificate(c.whole));
  const signers = data.next(Tag.SET).parts();
  data.done();
  const info = signers.next(Tag.SEQUENCE).parts();
  signers.done();
  if (certificates.length === 0 || certificates.length > MAX_CHAIN) {
    throw new Malformed('certificates');
  }
  return { content, certificates, ...signerInfo(info, certificates) };
}

function encapsulated(info: Element, type: Bytes): Bytes {
  const parts = info.parts();
  parts.exactly(type);
  const explicit = parts.next(context(0)).parts();
  const content = explicit.next(Tag.OCTETS).content;
  explicit.done();
  parts.done();
  return content;
}

function signerInfo(info: Parts, certificates: Certificate[]): Omit<Signed, 'content' | 'certificates'> {
  info.exactly(small(1));
  const named = info.next(Tag.SEQUENCE).whole;
  const signer = certificates.find((c) => equal(nameOf(c), named));
  info.exactly(SHA256);
  const signedAttributes = info.next(context(0));
  info.exactly(ECDSA_SHA256);
  const signature = info.next(Tag.OCTETS).content;
  const unsigned = info.optional(context(1));
  info.done();
  if (!signer) {
    throw new Malformed('no certificate of the signer');
  }
  return {
    signer, signature, attributes: single(signedAttributes), unsigned: unsigned ? single(unsigned) : new Map(),
    message: der(Tag.SET, signedAttributes.content),
  };
}

/** IssuerAndSerialNumber, to the bit. */
export function nameOf(one: Certificate): Bytes {
  const serial = one.serial.match(/../g) ?? [];
  return seq(one.issuer, der(Tag.INTEGER, Uint8Array.from(serial, (pair) => Number.parseInt(pair, 16))));
}

/** Attributes with exactly one value each, none twice. */
function single(list: Element): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const one of list.parts().all) {
    const parts = one.parts();
    const type = hex(parts.next(Tag.OID).whole);
    const values = parts.next(Tag.SET).parts();
    const value = values.any();
    values.done();
    parts.done();
    if (found.has(type)) {
      throw new Malformed('attribute repeated');
    }
    found.set(type, value);
  }
  return found;
}

/** Takes an attribute out, so that what is left over is seen. */
export function take(attributes: Map<string, Element>, type: Bytes): Element {
  const value = attributes.get(hex(type));
  attributes.delete(hex(type));
  if (!value) {
    throw new Malformed('attribute missing');
  }
  return value;
}

/** Digests of the certificates that signing-certificate-v2 names (RFC 5035), in its order. */
export function named(ess: Element): string[] {
  const outer = ess.parts();
  const ids = outer.next(Tag.SEQUENCE).parts().all;
  outer.done();
  return ids.map((id) => {
    const parts = id.parts();
    const hash = parts.next(Tag.OCTETS).content;
    parts.done();
    return hex(hash);
  });
}

/** Content type and digest are those of this content. */
export function checkContent(signed: Signed, type: Bytes): void {
  const sameType = equal(take(signed.attributes, OID.contentType).whole, type);
  const digest = take(signed.attributes, OID.messageDigest);
  if (!sameType || !digest.is(Tag.OCTETS) || !equal(digest.content, sha256(signed.content))) {
    throw new Malformed('signed something else');
  }
}

export function attribute(type: Bytes, value: Bytes): Bytes {
  return seq(type, set(value));
}
