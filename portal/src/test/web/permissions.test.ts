import { describe, expect, test } from 'vitest';
import { base64, hex, unbase64 } from '../../main/web/crypto/bytes';
import { decodeKeyring } from '../../main/web/crypto/keyring';
import { Refusal } from '../../main/web/crypto/refusal';
import { openVault } from '../../main/web/crypto/vault';
import { masterKey } from '../../main/web/crypto/ways';
import { accept, bar, news, permissions, takeBack } from '../../main/web/worker/permissions';
import type { Inside } from '../../main/web/worker/session';
import { Statements } from '../../main/web/worker/statements';
import { sha256 } from '../../main/web/crypto/hash';
import { now, trust, vectors } from './region';

/** A key server that shows these statements, and whatever else is asked of servers. */
async function inside(change: (signed: string[]) => string[] = (s) => s): Promise<{ inside: Inside; told: string[] }> {
  const told: string[] = [];
  const signed = change(vectors.involving.statements.map((f: { signed: string }) => f.signed));
  const statements = signed.map((one, n) => ({ number: signed.length - n, signed: one }));
  const server = {
    json: () => Promise.resolve({ statements }),
    post: (path: string) => (told.push(path), Promise.resolve({})),
    bytes: (path: string) => (told.push(path), Promise.reject(new Refusal('server-unreachable', '', ''))),
  };
  const master = await masterKey(vectors.person, { kind: 'password', secret: unbase64(vectors.exportKey) }, vectors.state);
  const ring = await decodeKeyring((await openVault(master, vectors.keyring)).keyring);
  const region = { keys: server, store: server, authority: server, trust: trust({}, () => now) } as unknown as Inside['region'];
  return { inside: { person: vectors.person, ring, region, statements: new Statements(region, ring) } as unknown as Inside, told };
}

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));

describe('who may read', () => {
  test('is told with names out of certificates, until when and by whom', async () => {
    const found = await permissions((await inside()).inside);
    expect(found.broken).toEqual([]);
    expect(found.relations).toMatchObject([{ state: 'standing', with: { name: '山田 太郎' } }]);
    expect(found.readers).toHaveLength(1);
    expect(found.readers[0]!.given).toMatchObject([{ letter: vectors.letter, purpose: 'referral', own: false, by: { name: '山田 太郎' } }]);
    expect(found.readers[0]!.who.institution).not.toBe('');
    expect(found.barred).toEqual([]);
  });

  test('counts a statement once however often a server tells it', async () => {
    const found = await permissions((await inside((s) => [...s, ...s])).inside);
    expect(found.readers[0]!.given).toHaveLength(1);
    expect((await news((await inside((s) => [...s, ...s])).inside)).news).toHaveLength((await news((await inside()).inside)).news.length);
  });

  test('names what does not hold, and agrees to nothing beside it', async () => {
    const bent = (s: string[]) => {
      const bytes = unbase64(s[0]!);
      bytes[bytes.length - 40]! ^= 1;
      return [base64(bytes), ...s.slice(1)];
    };
    const { inside: me } = await inside(bent);
    expect((await permissions(me)).broken).toHaveLength(1);
    expect(await code(accept(me, 'P-2222-2222-2222'))).toBe('statements-broken');
  });

  test('changes nothing for a grant that is not there, oneself, or somebody who proposed nothing', async () => {
    const { inside: me, told } = await inside();
    expect(await code(takeBack(me, [hex(sha256(new Uint8Array()))]))).toBe('grant-unknown');
    expect(await code(bar(me, vectors.person))).toBe('veto-oneself');
    expect(await code(bar(me, 'nobody'))).toBe('veto-oneself');
    expect(await code(accept(me, 'P-2222-2222-2222'))).toBe('proposal-unknown');
    expect(told).toEqual([]);
  });

  test('says nothing that no authority stamped', async () => {
    const { inside: me, told } = await inside();
    const grant = (await permissions(me)).readers[0]!.given[0]!.id;
    expect(await code(takeBack(me, [grant]))).toBe('server-unreachable');
    expect(told).toEqual(['/tsa']);
  });
});
