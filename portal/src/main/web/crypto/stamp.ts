/** Time stamps (RFC 3161) as this region's authority makes them. */
import { equal, hex, own, type Bytes } from './bytes';
import type { Certificate } from './certificate';
import { checkContent, named, OID, SHA256, signedData, take } from './cms';
import { der, Malformed, octets, Parts, read, seq, small, Tag, time } from './der';
import { verify } from './ecdsa';
import { sha256 } from './hash';
import { unless } from './refusal';

const MAX_BYTES = 64 << 10;

export type Stamp = { at: number; chain: Certificate[] };

/** @param stamped what the stamp is over, itself: its digest is computed here @throws Refusal `stamp-broken` */
export function verifyStamp(token: Uint8Array, stamped: Uint8Array): Promise<Stamp> {
  return unless('stamp-broken', async () => {
    const signed = signedData(bounded(token), OID.tstInfo, 3);
    checkContent(signed, OID.tstInfo);
    // the signer is named by hash, first (RFC 5816)
    const names = named(take(signed.attributes, OID.signingCertificate));
    const [imprint, at] = info(signed.content);
    const holds = await verify(signed.signer.spki, 'P-256', signed.signature, signed.message);
    const others = signed.certificates.filter((c) => c !== signed.signer);
    const surplus = others.length > 2 || signed.unsigned.size > 0 || names[0] !== signed.signer.digest;
    if (!holds || surplus || !equal(imprint, sha256(stamped)) || at < signed.signer.from || at > signed.signer.until) {
      throw new Malformed('does not hold');
    }
    return { at, chain: [signed.signer, ...others] };
  });
}

function bounded(token: Uint8Array): Bytes {
  if (token.length > MAX_BYTES) {
    throw new Malformed('too large');
  }
  return own(token);
}

/** TSTInfo: imprint and time; accuracy, serial number and nonce are signed, and nothing here hangs on them. */
function info(content: Bytes): [Bytes, number] {
  const parts = new Parts([read(content)]).next(Tag.SEQUENCE).parts();
  parts.exactly(small(1));
  parts.next(Tag.OID);
  const imprint = parts.next(Tag.SEQUENCE).parts();
  imprint.exactly(SHA256);
  const hash = imprint.next(Tag.OCTETS).content;
  imprint.done();
  parts.next(Tag.INTEGER);
  const at = time(parts.next(Tag.GENERALIZED));
  parts.optional(Tag.SEQUENCE);
  parts.optional(Tag.INTEGER);
  parts.done();
  return [hash, at];
}

/** TimeStampReq with a nonce, the signer's certificate asked for. */
export function stampRequest(stamped: Uint8Array, nonce: Bytes): Bytes {
  const positive = Uint8Array.of(0x01, ...nonce);
  return seq(small(1), seq(SHA256, octets(sha256(stamped))), der(Tag.INTEGER, positive), der(Tag.BOOLEAN, Uint8Array.of(0xff)));
}

/** The token in a TimeStampResp that was granted for this nonce. @throws Refusal `stamp-broken` */
export function stampToken(response: Uint8Array, nonce: Bytes): Promise<Bytes> {
  return unless('stamp-broken', () => {
    const parts = new Parts([read(bounded(response))]).next(Tag.SEQUENCE).parts();
    const granted = parts.next(Tag.SEQUENCE).parts().next(Tag.INTEGER).content[0];
    const token = parts.next(Tag.SEQUENCE).whole;
    parts.done();
    // without the nonce an old answer could be replayed as if it were new
    if (granted !== 0 || !hex(token).includes(hex(der(Tag.INTEGER, Uint8Array.of(0x01, ...nonce))))) {
      throw new Malformed('not granted for this question');
    }
    return token;
  });
}

