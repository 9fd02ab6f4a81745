import { describe, expect, test } from 'vitest';
import { base64, hex, unbase64 } from '../../main/web/crypto/bytes';
import type { Fields } from '../../main/web/crypto/canonical';
import { decodeKeyring } from '../../main/web/crypto/keyring';
import { Refusal } from '../../main/web/crypto/refusal';
import type { Attested } from '../../main/web/crypto/statement';
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
    expect(await code(accept(me, '0'.repeat(64)))).toBe('statements-broken');
  });

  test('changes nothing for a grant that is not there, oneself, or somebody who proposed nothing', async () => {
    const { inside: me, told } = await inside();
    expect(await code(takeBack(me, [hex(sha256(new Uint8Array()))]))).toBe('grant-unknown');
    expect(await code(bar(me, vectors.person))).toBe('veto-oneself');
    expect(await code(bar(me, 'nobody'))).toBe('veto-oneself');
    expect(await code(accept(me, '0'.repeat(64)))).toBe('proposal-unknown');
    expect(told).toEqual([]);
  });

  test('says nothing that no authority stamped', async () => {
    const { inside: me, told } = await inside();
    const grant = (await permissions(me)).readers[0]!.given[0]!.id;
    expect(await code(takeBack(me, [grant]))).toBe('server-unreachable');
    // the store is asked to let go all the same: that takes no statement
    expect(told).toEqual(['/tsa', expect.stringMatching(/^\/v1\/shares\//)]);
  });
});

describe('the person\'s own word', () => {
  const [me, doctor, reader] = ['P-1111-1111-1111', 'P-2222-2222-2222', 'P-3333-3333-3333'];
  const later = new Date(Math.ceil(Date.now() / 1000) * 1000 + 86_400_000).toISOString().replace('.000', '');
  const id = (n: number) => hex(sha256(Uint8Array.of(n)));

  function attested(n: number, kind: string, by: string, own: Record<string, string>): Attested {
    const signer = { kind: 'professional', id: by, name: '', institution: '' } as unknown as Attested['signer'];
    return { statement: { id: id(n), kind, by, at: Date.now() - 10_000 + n, record: new Map(Object.entries(own)) }, signer, stampedAt: 0 };
  }

  /** Servers that keep what they are told; @param away paths that nobody answers. */
  function world(all: Attested[], away: (path: string) => boolean) {
    const told: string[] = [];
    const answer = (path: string, what: string) => (told.push(what), away(path) ? Promise.reject(new Refusal('server-unreachable', '', '')) : Promise.resolve({}));
    const server = {
      post: (path: string, { signed }: { signed: Fields }) => {
        all.push(attested(100 + all.length, signed.get('kind')!, me, Object.fromEntries(signed)));
        return answer(path, `${signed.get('kind')} ${signed.get('ends') ?? signed.get('until')}`);
      },
      json: (path: string) => answer(path, 'proof'),
      bytes: (path: string) => answer(path, path),
    };
    const statements = {
      involving: () => Promise.resolve({ all: [...all], broken: [] }),
      signed: (record: Fields) => Promise.resolve({ signed: record, id: id(99) }),
    };
    return { told, inside: { person: me, ring: {}, region: { keys: server, store: server, authority: server }, statements } as unknown as Inside };
  }

  const grant = (n: number) =>
    attested(n, 'lateral-grant', doctor, { reader, owner: me, letter: id(50 + n), slot: id(0), purpose: 'referral', until: later });

  test('takes all grants back though the store and the ledger are away, and the same again does the rest', async () => {
    let away = true;
    const { told, inside: at } = world([grant(1), grant(2), grant(3)], (path) => away && (path.startsWith('/v1/shares') || path.includes('ledger')));
    const ids = [1, 2, 3].map(id);
    expect(await code(takeBack(at, ids))).toBe('server-unreachable');
    expect(told.filter((t) => t.startsWith('revocation'))).toEqual(ids.map((one) => `revocation ${one}`));
    expect(told.filter((t) => t.startsWith('/v1/shares'))).toEqual([1, 2, 3].map((n) => `/v1/shares/${id(50 + n)}/${reader}`));
    [away, told.length] = [false, 0];
    expect(await code(takeBack(at, ids))).toBe('accepted');
    expect(told).toEqual([1, 2, 3].map((n) => `/v1/shares/${id(50 + n)}/${reader}`));
  });

  test('leaves the share that another grant needs, and says nothing when one of the grants is not there', async () => {
    const twin = { ...grant(1), statement: { ...grant(1).statement, id: id(9) } };
    const { told, inside: at } = world([grant(1), twin], (path) => path.includes('ledger'));
    expect(await code(takeBack(at, [id(1), id(8)]))).toBe('grant-unknown');
    expect(told).toEqual([]);
    await code(takeBack(at, [id(1)]));
    expect(told.filter((t) => t.startsWith('/v1/shares'))).toEqual([]);
  });

  test('agrees to the proposal that was shown, not to another that came meanwhile', async () => {
    const longer = later.replace(/^..../, (year) => String(Number(year) + 1));
    const proposal = (n: number, until: string) => attested(n, 'care-relation', doctor, { professional: doctor, patient: me, until });
    const all = [proposal(1, later)];
    const { told, inside: at } = world(all, () => false);
    const shown = (await permissions(at)).relations[0]!;
    expect(shown).toMatchObject({ state: 'proposed', until: Date.parse(later), proposal: id(1) });
    all.push(proposal(2, longer));
    expect((await permissions(at)).relations).toMatchObject([{ until: Date.parse(longer), proposal: id(2) }]);
    // the ledger proves the proposal that is agreed to, first; here it knows none
    expect(await code(accept(at, id(1)))).toBe('answer-malformed');
    expect(told).toEqual(['proof']);
    // a newer one stands beside it and is not taken for it
    expect(await code(accept(at, id(3)))).toBe('proposal-unknown');
  });
});
