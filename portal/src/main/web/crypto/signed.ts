/** The house's one signature (CAdES-E-T, room `seal`): content, a suite that says what for, and a time stamp. */
import { equal, own, utf8, type Bytes } from './bytes';
import type { Certificate } from './certificate';
import { attribute, checkContent, ECDSA_SHA256, named, nameOf, OID, SHA256, signedData, take } from './cms';
import { context, der, Malformed, octets, seq, set, small, Tag } from './der';
import { sign, verify } from './ecdsa';
import { sha256 } from './hash';
import { unless } from './refusal';
import { verifyStamp } from './stamp';
import { unhex } from './bytes';

export const RECORD = 'mizuhiki-record-1';
export const LETTER = 'mizuhiki-letter-1';

export type Verified = {
  content: Bytes;
  metadata: Bytes | undefined;
  chain: Certificate[];
  stampedAt: number;
  stampChain: Certificate[];
};

/** Signature and stamp hold; whether the signer is to be believed is asked of `Trust`. */
export function verifySigned(bytes: Uint8Array, suite: string): Promise<Verified> {
  return unless('signature-broken', async () => {
    const signed = signedData(bytes, OID.data, 1);
    checkContent(signed, OID.data);
    const chain = inOrder(signed.certificates, named(take(signed.attributes, OID.signingCertificate)));
    const said = take(signed.attributes, OID.suite);
    const metadata = suite === LETTER ? take(signed.attributes, OID.metadata) : undefined;
    const token = take(signed.unsigned, OID.stampToken).whole;
    const fits = equal(said.whole, der(Tag.UTF8, utf8(suite)))
      && signed.attributes.size === 0 && signed.unsigned.size === 0
      && chain[0] === signed.signer && (metadata === undefined || metadata.is(Tag.OCTETS));
    if (!fits || !(await verify(signed.signer.spki, 'P-256', signed.signature, signed.message))) {
      throw new Malformed('does not hold');
    }
    const stamp = await verifyStamp(token, signed.signature);
    return { content: signed.content, metadata: metadata?.content, chain, stampedAt: stamp.at, stampChain: stamp.chain };
  });
}

/** Every certificate is named by hash, in the chain's order: none can be exchanged, added or left out. */
function inOrder(found: Certificate[], names: string[]): Certificate[] {
  const chain = names.map((digest) => found.find((c) => c.digest === digest));
  if (names.length !== found.length || new Set(names).size !== names.length || chain.includes(undefined)) {
    throw new Malformed('certificates are not those that are named');
  }
  return chain as Certificate[];
}

/** Asks for a time stamp over these bytes and gives the token. */
export type Stamping = (over: Bytes) => Promise<Bytes>;

export function signRecord(record: Bytes, chain: Certificate[], key: CryptoKey, stamp: Stamping): Promise<Bytes> {
  return signData(record, RECORD, undefined, chain, key, stamp);
}

/** @param metadata signed beside the content; of letters */
export async function signData(
  content: Bytes, suite: string, metadata: Bytes | undefined, chain: Certificate[], key: CryptoKey, stamp: Stamping,
): Promise<Bytes> {
  const ids = seq(...chain.map((c) => seq(octets(unhex(c.digest)))));
  const attributes = set(
    attribute(OID.contentType, OID.data),
    attribute(OID.messageDigest, octets(sha256(content))),
    attribute(OID.signingCertificate, seq(ids)),
    attribute(OID.suite, der(Tag.UTF8, utf8(suite))),
    ...(metadata ? [attribute(OID.metadata, octets(metadata))] : []),
  );
  const value = await sign(key, attributes);
  const token = await stamp(value);
  await verifyStamp(token, value);
  const implicit = (n: number, of: Bytes) => der(context(n), contentOf(of));
  const signer = seq(
    small(1), nameOf(chain[0]!), SHA256, implicit(0, attributes), ECDSA_SHA256, octets(value),
    implicit(1, set(attribute(OID.stampToken, token))),
  );
  const data = seq(
    small(1), set(SHA256), seq(OID.data, der(context(0), octets(content))),
    implicit(0, set(...chain.map((c) => c.der))), set(signer),
  );
  return seq(OID.signedData, der(context(0), data));
}

function contentOf(encoded: Bytes): Bytes {
  const long = encoded[1]! >= 0x80 ? encoded[1]! & 0x7f : 0;
  return own(encoded.subarray(2 + long));
}
