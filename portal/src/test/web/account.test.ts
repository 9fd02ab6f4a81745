import { describe, expect, test } from 'vitest';
import { base64, hex, random, unbase64, utf8, type Bytes } from '../../main/web/crypto/bytes';
import { fields } from '../../main/web/crypto/canonical';
import { sha256 } from '../../main/web/crypto/hash';
import { Refusal } from '../../main/web/crypto/refusal';
import { closeSlot, masterKey, nameOf, wayOf, type State, type WayIn } from '../../main/web/crypto/ways';
import { Account } from '../../main/web/worker/account';
import type { Region } from '../../main/web/worker/region';
import { addPasskey, salt, ways } from '../../main/web/worker/ways';
import { coseKey } from '../../main/web/app/passkey';
import { bent, vectors } from './region';

const PASSWORD = (): WayIn => ({ kind: 'password', secret: unbase64(vectors.exportKey) });
const REFUSE = (code: string) => new Refusal(code, code, code);

/** Both servers as far as an account needs them, which can be cut off at any call: before it was done, or after. */
class Servers {
  state: State = structuredClone(vectors.state);
  kept = { ...vectors.keyring };
  access: { keys: string | undefined; store: string | undefined } = { keys: undefined, store: undefined };
  calls = 0;
  cut: { at: number; done: boolean } | undefined;

  region(): Region {
    const server = { post: (path: string, body: never) => this.called(path, body) };
    return { keys: server, store: server } as unknown as Region;
  }

  private async called(path: string, body: Record<string, never>): Promise<unknown> {
    const cut = this.cut?.at === ++this.calls ? this.cut : undefined;
    if (cut && !cut.done) {
      throw REFUSE('server-unreachable');
    }
    const answer = structuredClone(this.answer(path, body));
    if (cut) {
      throw REFUSE('server-unreachable');
    }
    return answer;
  }

  private answer(path: string, body: Record<string, never>): unknown {
    const shows = (token: string) => hex(sha256(unbase64(token)));
    switch (path) {
      case '/v1/account/state':
        return this.state;
      case '/v1/account/replace': {
        const { shown, access, next } = body as unknown as { shown: { key: string }; access: string; next: State };
        this.access.keys ??= shows(shown.key);
        if (this.access.keys !== shows(shown.key)) {
          throw REFUSE('account-key-wrong');
        }
        if (next.number !== this.state.number + 1) {
          throw REFUSE('account-changed');
        }
        this.state = structuredClone(next);
        this.access.keys = access;
        return {};
      }
      case '/v1/keyrings/fetch':
        this.mustOpen(shows(body.token!));
        return this.kept;
      case '/v1/keyrings/keep': {
        this.mustOpen(shows(body.token!));
        const { number, content, access } = body as unknown as { number: number; content: string; access: string };
        if (number !== this.kept.number + 1) {
          throw REFUSE('keyring-changed');
        }
        this.kept = { number, content };
        this.access.store = access;
        return {};
      }
      default:
        throw REFUSE('page-defect');
    }
  }

  private mustOpen(shown: string): void {
    this.access.store ??= shown;
    if (this.access.store !== shown) {
      throw REFUSE('keyring-unknown');
    }
  }
}

const opened = (servers: Servers, way = PASSWORD()) => Account.open(servers.region(), vectors.person, 'token', way);
const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));
const passkey = (secret: Bytes): WayIn => ({ kind: 'passkey', secret });

describe('a way in that a page adds', () => {
  test('opens the same keyring as the password, and is listed with its credential', async () => {
    const servers = new Servers();
    const account = await opened(servers);
    const [prf, credential] = [random(32), random(16)];
    const secret = new Uint8Array(prf);
    await addPasskey(account, credential, utf8('cose'), prf);
    expect(prf.every((octet) => octet === 0)).toBe(true);
    const again = await opened(servers, passkey(secret));
    expect(base64(again.keyring)).toBe(base64(account.keyring));
    expect((await ways(again)).map((way) => way.kind).sort()).toEqual(['passkey', 'password']);
    expect((await ways(again)).find((way) => way.kind === 'passkey')?.credential).toEqual(credential);
  });

  test('opens by no other secret, in no other name, and with no bit bent', async () => {
    const { person } = vectors;
    const master = { person, epoch: '1', key: random(32) };
    const [secret, name] = [random(32), nameOf('passkey')];
    const way = wayOf(person, passkey(secret), name, fields({}), 0);
    const wrapped = await closeSlot(master, way);
    const state = (over: string, as = name) => ({ number: 1, head: '', slots: [{ name: as, wrapped: over, guardians: [] }] });
    expect((await masterKey(person, passkey(secret), state(wrapped))).key).toEqual(master.key);
    expect(await code(masterKey(person, passkey(random(32)), state(wrapped)))).toBe('account-damaged');
    expect(await code(masterKey(person, passkey(secret), state(wrapped, nameOf('passkey'))))).toBe('account-damaged');
    expect(await code(masterKey('P-2222-2222-2222', passkey(secret), state(wrapped)))).toBe('account-damaged');
    for (const one of bent(unbase64(wrapped), 300)) {
      expect(await code(masterKey(person, passkey(secret), state(base64(one))))).toBe('account-damaged');
    }
  });

  test('has the salt that follows from the ID, as devices compute it', () => {
    const written = utf8('{"person":"P-2345-6789-ABCD","purpose":"mizuhiki account v1 passkey"}');
    expect(salt('P-2345-6789-ABCD')).toEqual(sha256(written));
  });
});

describe('a way in that a page removes', () => {
  test('opens nothing any more, and the others still do', async () => {
    const servers = new Servers();
    const account = await opened(servers);
    const [one, two] = [random(32), random(32)];
    await account.add(passkey(new Uint8Array(one)), fields({ credential: base64(one), salt: '' }));
    await account.add({ kind: 'recovery-code', secret: two.slice(0, 16) }, fields({}));
    const before = structuredClone(servers.state);
    await account.remove(account.ways().find((way) => way.kind === 'passkey')!.name);
    expect(await code(opened(servers, passkey(one)))).toBe('account-damaged');
    expect((await opened(servers, { kind: 'recovery-code', secret: two.slice(0, 16) })).ways()).toHaveLength(2);
    expect((await opened(servers)).ways()).toHaveLength(2);
    // old copies of the slots open nothing that is written now
    servers.state = { ...servers.state, slots: before.slots };
    expect(await code(opened(servers, passkey(one)))).toBe('account-damaged');
  });

  test('is never the password, nor the last', async () => {
    const account = await opened(new Servers());
    expect(await code(account.remove(account.ways()[0]!.name))).toBe('way-last');
    expect(await code(account.remove('passkey-00000000'))).toBe('way-unknown');
  });
});

describe('a change that is cut off', () => {
  test('anywhere, before or after a call was done, leaves an account that opens by the password and takes the next change', async () => {
    for (let at = 1; at <= 12; at++) {
      for (const done of [false, true]) {
        const servers = new Servers();
        const account = await opened(servers);
        await account.add({ kind: 'recovery-code', secret: random(16) }, fields({}));
        const name = account.ways().find((way) => way.kind === 'recovery-code')!.name;
        servers.calls = 0;
        servers.cut = { at, done };
        await code(account.remove(name).then(() => account.add(passkey(random(32)), fields({}))));
        servers.cut = undefined;
        const again = await opened(servers);
        await again.add({ kind: 'recovery-code', secret: random(16) }, fields({}));
        expect(base64((await opened(servers)).keyring)).toBe(base64(again.keyring));
      }
    }
  });

  test('by another device is joined: nothing that it put is lost', async () => {
    const servers = new Servers();
    const [one, two] = [await opened(servers), await opened(servers)];
    await one.add(passkey(random(32)), fields({}));
    await two.add(passkey(random(32)), fields({}));
    expect((await opened(servers)).ways()).toHaveLength(3);
    await one.refresh();
    await one.remove((await opened(servers)).ways().find((way) => way.kind === 'passkey')!.name);
    expect(await code(two.refresh())).toBe('account-rekeyed');
  });
});

describe('servers that lie', () => {
  test('about slots, head, keyring or their age are refused', async () => {
    const servers = new Servers();
    const account = await opened(servers);
    const older = structuredClone({ state: servers.state, kept: servers.kept });
    await account.add(passkey(random(32)), fields({}));
    const newer = structuredClone({ state: servers.state, kept: servers.kept });
    servers.kept = older.kept;
    expect(await code(opened(servers))).toBe('account-rolled-back');
    servers.kept = newer.kept;
    servers.state = { ...newer.state, head: older.state.head };
    expect(await code(opened(servers))).toBe('account-damaged');
    servers.state = older.state;
    expect(await code(account.refresh())).toBe('account-rolled-back');
    for (const one of bent(unbase64(newer.state.head), 40)) {
      servers.state = { ...newer.state, head: base64(one) };
      expect(await code(opened(servers))).toBe('account-damaged');
    }
  });
});

describe('authenticator data', () => {
  test('gives the key as it stands, with extensions behind it, and nothing where it is cut or of another kind', () => {
    const key = Uint8Array.of(0xa3, 0x01, 0x02, 0x20, 0x01, 0x21, 0x58, 0x02, 7, 8);
    const data = (...behind: number[]) => Uint8Array.of(...new Uint8Array(53), 0, 4, 1, 2, 3, 4, ...behind);
    expect(coseKey(data(...key, 0xa1, 0x01, 0x02))).toEqual(key);
    for (let cut = 0; cut < key.length; cut++) {
      expect(() => coseKey(data(...key.slice(0, cut)))).toThrow();
    }
    for (const wrong of [0x9b, 0xbb, 0x5b, 0x5f, 0x78, 0xf4, 0x80]) {
      expect(() => coseKey(data(wrong, 0xff, 0xff))).toThrow();
    }
  });
});
