import { describe, expect, test } from 'vitest';
import { hex, random, unbase64, unhex, utf8 } from '../../main/web/crypto/bytes';
import { decode } from '../../main/web/crypto/canonical';
import { isSpoken, readCode, revealed, spoken } from '../../main/web/crypto/code';
import { approve, shared, split, spokenOf, type Asked } from '../../main/web/crypto/guardians';
import { sha256 } from '../../main/web/crypto/hash';
import { decodeKeyring } from '../../main/web/crypto/keyring';
import { openerOf } from '../../main/web/crypto/letter';
import { Refusal } from '../../main/web/crypto/refusal';
import { openVault } from '../../main/web/crypto/vault';
import { masterKey } from '../../main/web/crypto/ways';
import type { Account } from '../../main/web/worker/account';
import { PaperCode } from '../../main/web/worker/recovery';
import { bent, vectors } from './region';

const code = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'accepted';
  } catch (e) {
    return e instanceof Refusal ? e.code : String(e);
  }
};

describe('the recovery code', () => {
  test('is read back however people type it', () => {
    for (let n = 0; n < 200; n++) {
      const secret = random(16);
      const text = revealed(secret);
      expect(text).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      for (const typed of [text, text.toLowerCase(), text.replaceAll('-', ' '), ` ${text.replaceAll('1', 'l').replaceAll('0', 'o')}\n`]) {
        expect(readCode(typed)).toEqual(secret);
      }
    }
  });

  test('is what devices print', () => {
    expect(revealed(unhex('00112233445566778899aabbccddeeff'))).toBe('008J-4CT4-ANK7-F24S-NAXW-SQFE-ZYMF');
  });

  test('mistyped in any one character is refused, nearly always before anybody is asked', async () => {
    const text = revealed(random(16)).replaceAll('-', '');
    let passed = 0;
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === '7' ? '8' : '7';
      passed += (await code(() => readCode(text.slice(0, at) + other + text.slice(at + 1)))) === 'accepted' ? 1 : 0;
    }
    expect(passed).toBeLessThan(3);
    for (const typed of ['', text.slice(1), `${text}7`, text.replace(/^./, 'U'), 'x'.repeat(201)]) {
      expect(await code(() => readCode(typed))).toBe('recovery-code-mistyped');
    }
  });
});

describe('the sheet that was printed', () => {
  /** An account that notes what opens it; @param away whether its servers answer */
  function account(away: () => boolean) {
    const added: string[] = [];
    const add = (way: { secret: Uint8Array<ArrayBuffer> }) => (away() ? Promise.reject(new Refusal('server-unreachable', '', '')) : (added.push(revealed(way.secret)), Promise.resolve()));
    return { added, of: { add } as unknown as Account };
  }

  test('is the one that opens the account, however often its page was left and come back to', async () => {
    let away = true;
    const [paper, mine, other] = [new PaperCode(), account(() => away), account(() => false)];
    const printed = paper.show(mine.of);
    expect(paper.show(mine.of)).toBe(printed);
    expect(paper.show(other.of)).not.toBe(printed);
    expect(await code(() => paper.use(mine.of))).toBe('server-unreachable');
    expect(paper.show(mine.of)).toBe(printed);
    away = false;
    await paper.use(mine.of);
    expect(mine.added).toEqual([printed]);
    // used once: the next sheet is another one
    expect(await code(() => paper.use(mine.of))).toBe('recovery-code-mistyped');
    expect(paper.show(mine.of)).not.toBe(printed);
  });
});

describe('guardians', () => {
  const keys = [1, 2, 3].map((n) => openerOf(sha256(Uint8Array.of(n))));
  const ids = ['P-2222-2222-2222', 'P-3333-3333-3333', 'P-4444-4444-4444'];

  test('hold shares of which two give the secret, as a line over GF(2^8) has it', () => {
    const secret = random(32);
    const shares = split(secret);
    for (const [i, j] of [[1, 2], [1, 3], [2, 3]] as const) {
      const joined = secret.map((_, n) => divided(times(shares[i - 1]![n]!, j) ^ times(shares[j - 1]![n]!, i), i ^ j));
      expect(joined).toEqual(secret);
    }
    expect(new Set([secret, ...shares].map(hex)).size).toBe(4);
  });

  function times(a: number, b: number): number {
    let product = 0;
    for (let bit = 0; bit < 8; bit++) {
      product ^= (b >> bit) & 1 ? Array.from({ length: bit }).reduce((v: number) => (v << 1) ^ (v & 0x80 ? 0x11b : 0), a) : 0;
    }
    return product;
  }

  function divided(a: number, b: number): number {
    return Array.from({ length: 256 }, (_, q) => q).find((q) => times(q, b) === a)!;
  }

  test('are three others, each once', async () => {
    const three = ids.map((id, n) => [id, keys[n]!.publicKey] as [string, typeof keys[0]['publicKey']]);
    expect(await code(() => shared('P-5555-5555-5555', 'guardians-1', random(32), three))).toBe('accepted');
    expect(await code(() => shared(ids[0]!, 'guardians-1', random(32), three))).toBe('guardians-three');
    expect(await code(() => shared('P-5555-5555-5555', 'guardians-1', random(32), [three[0]!, three[0]!, three[1]!]))).toBe('guardians-three');
  });

  test('approve for the device whose code was said, with their own share, in its own place only', async () => {
    const master = await masterKey(vectors.person, { kind: 'password', secret: unbase64(vectors.exportKey) }, vectors.state);
    const ring = await decodeKeyring((await openVault(master, vectors.keyring)).keyring);
    const device = openerOf(random(32));
    const three = [[vectors.person, ring.opener.publicKey], [ids[0]!, keys[0]!.publicKey], [ids[1]!, keys[1]!.publicKey]] as [string, typeof device.publicKey][];
    const made = await shared('P-5555-5555-5555', 'guardians-1', random(32), three);
    const position = made.findIndex((one) => one.guardian === vectors.person) + 1;
    const asked: Asked = {
      id: '0'.repeat(64), person: 'P-5555-5555-5555', slot: 'guardians-1', position, key: device.publicKey,
      share: unbase64(made[position - 1]!.share),
    };
    const said = spoken(spokenOf(asked.person, device.publicKey));
    expect(isSpoken(said.toLowerCase().replaceAll('-', ' '), spokenOf(asked.person, device.publicKey))).toBe(true);
    const approval = await approve(asked, said, ring);
    expect([...decode(unbase64(approval.share)).keys()]).toEqual(['content', 'wrapped']);
    expect(await code(() => approve({ ...asked, key: openerOf(random(32)).publicKey }, said, ring))).toBe('recovery-code-differs');
    expect(await code(() => approve({ ...asked, slot: 'guardians-2' }, said, ring))).toBe('account-damaged');
    expect(await code(() => approve({ ...asked, position: position % 3 + 1 }, said, ring))).toBe('account-damaged');
    for (const share of bent(asked.share, 40)) {
      expect(await code(() => approve({ ...asked, share }, said, ring))).toBe('account-damaged');
    }
    expect(await code(() => approve({ ...asked, share: utf8('{}') }, said, ring))).toBe('account-damaged');
  });
});
