import { describe, expect, test } from 'vitest';
import { decodeKeyring } from '../../main/web/crypto/keyring';
import { openVault } from '../../main/web/crypto/vault';
import { masterKey } from '../../main/web/crypto/ways';
import { hex, unbase64, utf8 } from '../../main/web/crypto/bytes';
import { encode, fields } from '../../main/web/crypto/canonical';
import { addSlot, closeAttachment, closeLetter, manifest, slot } from '../../main/web/crypto/close';
import { sha256 } from '../../main/web/crypto/hash';
import { openAttachment, openerOf, openLetter, openSlot } from '../../main/web/crypto/letter';
import { Refusal } from '../../main/web/crypto/refusal';
import { bent, vectors } from './region';

const ring = async () => {
  const master = await masterKey(vectors.person, { kind: 'password', secret: unbase64(vectors.exportKey) }, vectors.state);
  return decodeKeyring((await openVault(master, vectors.keyring)).keyring);
};
const refused = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'accepted';
  } catch (e) {
    return e instanceof Refusal ? e.code : `thrown: ${String(e)}`;
  }
};
const pair = (n: number) => openerOf(new Uint8Array(32).fill(n));

describe('a slot', () => {
  test('made here opens here, for its reader only', async () => {
    const key = crypto.getRandomValues(new Uint8Array(32));
    const made = await slot(key, pair(1).publicKey);
    expect(made.keyId).toBe(hex(sha256(pair(1).publicKey)));
    expect(await openSlot(made.encoded, pair(1))).toEqual(key);
    expect(await refused(openSlot(made.encoded, pair(2)))).toBe('seal-not-for-you');
    for (const one of bent(made.encoded, 60)) {
      expect(await refused(openSlot(one, pair(1)))).not.toBe('accepted');
    }
  });

  test('is not made for what is no key', async () => {
    expect(await refused(slot(new Uint8Array(32), new Uint8Array(1216).fill(0xff)))).toBe('reader-key');
    expect(await refused(slot(new Uint8Array(32), new Uint8Array(12)))).toBe('reader-key');
  });

  test('for one more reader leaves a letter that Java made as it is', async () => {
    const body = unbase64(vectors.body);
    const mine = unbase64(vectors.released.slot.encoded);
    const next = await addSlot(body, mine, (await ring()).opener, pair(3).publicKey);
    const { verified } = await openLetter(body, next.encoded, pair(3));
    expect(hex(sha256(verified.content))).toBe(vectors.document);
    const other = await slot(crypto.getRandomValues(new Uint8Array(32)), pair(3).publicKey);
    expect(await refused(openLetter(body, other.encoded, pair(3)))).toBe('seal-broken');
  });
});

describe('a letter', () => {
  test('without a stamp of its own is not closed', async () => {
    const { signing, chain } = await ring();
    const stamp = async () => utf8('no stamp');
    expect(await refused(closeLetter(utf8('{}'), encode(fields({})), chain, signing, stamp, [pair(1).publicKey]))).toBe('stamp-broken');
    expect(await refused(closeLetter(new Uint8Array((20 << 20) + 1), encode(fields({})), chain, signing, stamp, []))).toBe('letter-too-large');
  });
});

describe('an attachment', () => {
  const sizes = [0, 1, 65_536 - 40 - 16, 65_536 - 40 - 15, 65_536 - 40 - 16 + 65_520, 300_000, 3_000_000];
  const closing = async (size: number) => {
    const plain = new Uint8Array(size).map((_, n) => n * 31);
    const { item, closed } = await closeAttachment('画像.dcm', 'application/dicom', plain, 'context', () => {});
    return { plain, item, closed, listed: { owner: vectors.person, context: 'context', items: [item] } };
  };

  test('of any size opens as it was closed', async () => {
    for (const size of sizes) {
      const { plain, item, closed, listed } = await closing(size);
      expect(hex(sha256(await openAttachment(closed, item, listed)))).toBe(hex(sha256(plain)));
    }
  });

  test('is refused with another context, cut off, or with any bit bent, though its digest fits', async () => {
    const { item, closed, listed } = await closing(200_000);
    expect(await refused(openAttachment(closed, item, { ...listed, context: 'other' }))).toBe('seal-broken');
    const broken = [...bent(closed, 40), closed.slice(0, -1), closed.slice(0, 65_536)];
    for (const one of broken) {
      expect(await refused(openAttachment(one, { ...item, closed: hex(sha256(one)) }, listed))).toBe('seal-broken');
    }
    expect(await refused(openAttachment(broken[0]!, item, listed))).toBe('store-swapped');
  });

  test('stands in the manifest as Java reads it', async () => {
    const { item, listed } = await closing(5);
    const record = JSON.parse(new TextDecoder().decode(manifest(listed)));
    expect(record).toMatchObject({
      kind: 'mizuhiki-letter-manifest-1', owner: vectors.person, objects: '1', 'object.0.name': '画像.dcm', 'object.0.size': '5',
      'object.0.plain': item.plain, 'object.0.closed': item.closed,
    });
  });
});
