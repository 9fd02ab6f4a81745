import { describe, expect, test } from 'vitest';
import { hex, random, unbase64 } from '../../main/web/crypto/bytes';
import { Parts, read, Tag } from '../../main/web/crypto/der';
import { verify } from '../../main/web/crypto/ecdsa';
import { Refusal } from '../../main/web/crypto/refusal';
import { certified, confirmation, invitation, newKeys } from '../../main/web/crypto/request';
import { now, trust, vectors } from './region';

const code = (work: () => unknown): string => {
  try {
    work();
    return 'accepted';
  } catch (e) {
    return e instanceof Refusal ? e.code : String(e);
  }
};
const REGION = 'A'.repeat(43);
const TICKET = 'B'.repeat(32);

describe('an invitation', () => {
  test('is read in its one spelling', () => {
    const read = invitation(`#1.${REGION}.${TICKET}.1795441978`);
    expect(read).toEqual({ region: '00'.repeat(32), ticket: '041041'.repeat(2) + '0410', secret: '41' + '041041'.repeat(5), expires: 1795441978000 });
  });

  test('in any other is refused', () => {
    const others = [
      '', '#', `1.${REGION}.${TICKET}.1`, `#2.${REGION}.${TICKET}.1`, `#1.${REGION}.${TICKET}.01`, `#1.${REGION}.${TICKET}.`,
      `#1.${REGION}.${TICKET}`, `#1.${REGION}.${TICKET}.1.1`, `#1.${REGION.slice(1)}B.${TICKET}.1`, `#1.${REGION}=.${TICKET}.1`,
      `#1.${REGION}.${TICKET}B.1`, `#1.${REGION}.${TICKET}.1795441978000`,
    ];
    for (const one of others) {
      expect(code(() => invitation(one))).toBe('link-malformed');
    }
    for (let n = 0; n < 300; n++) {
      expect(code(() => invitation(`#1.${hex(random(n % 40))}`))).toBe('link-malformed');
    }
  });
});

describe('keys that a page makes', () => {
  test('ask for a certificate without a name, and the signing key vouches for both', async () => {
    const keys = await newKeys();
    const outer = new Parts([read(unbase64(keys.request.signing))]).next(Tag.SEQUENCE).parts();
    const wish = outer.next(Tag.SEQUENCE);
    outer.next(Tag.SEQUENCE);
    const signature = outer.next(Tag.BITS).content.slice(1);
    outer.done();
    expect(await verify(keys.spki, 'P-256', signature, wish.whole)).toBe(true);
    const said = new Uint8Array([...new TextEncoder().encode('mizuhiki sealing key v1\n'), ...keys.publicKey]);
    expect(await verify(keys.spki, 'P-256', unbase64(keys.request.binding), said)).toBe(true);
    expect(confirmation('0011223344556677', keys.request)).toMatch(/^[0-9]{6}$/);
    expect(confirmation('0011223344556677', keys.request)).not.toBe(confirmation('0011223344556678', keys.request));
  });

  test('take no certificate for other keys', async () => {
    const keys = await newKeys();
    const others = unbase64(vectors.certificates.person);
    await expect(certified(keys, [others], others, trust(), now)).rejects.toThrow('certificate-not-mine');
    await expect(certified(keys, [], others, trust(), now)).rejects.toThrow('certificate-not-mine');
    await expect(certified(keys, [new Uint8Array(3)], others, trust(), now)).rejects.toThrow('certificate-not-mine');
  });
});
