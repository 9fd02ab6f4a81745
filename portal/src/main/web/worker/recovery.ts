/** Ways back: the code on paper, guardians, and what the servers tell of the account; steps of docs/flows/account.md. */
import { random, type Bytes } from '../crypto/bytes';
import { fields } from '../crypto/canonical';
import { readCode, revealed } from '../crypto/code';
import { approve, shared, type Asked } from '../crypto/guardians';
import { check } from '../crypto/refusal';
import { nameOf } from '../crypto/ways';
import type { Account } from './account';
import { byWay, type Person } from './login';
import { find } from './professional/people';
import { HASH, type Region } from './region';
import type { Inside } from './session';
import { Shape } from './shape';

const TIME = /^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}Z$/;
const MOST_TOLD = 100;

/** What happened at the ID. @property kind as the servers name it; `locked-at-store` for what the store counts by itself */
export type Notice = { kind: string; times: number; at: number };
export type Recovery = { id: string; opens: number };
export type Request = { id: string; person: string; at: number; opens: number; approved: boolean };

/**
 * A code that is shown and printed first and opens nothing until `use`: never a way in without its sheet. It stays the same until
 * then, or the log-out: whoever comes back to say that the sheet is there means the one that was printed.
 */
export class PaperCode {
  private readonly codes = new WeakMap<Account, Bytes>();

  show(account: Account): string {
    const code = this.codes.get(account) ?? random(16);
    this.codes.set(account, code);
    return revealed(code);
  }

  async use(account: Account): Promise<void> {
    const code = this.codes.get(account);
    check('recovery-code-mistyped', code !== undefined);
    await account.add({ kind: 'recovery-code', secret: code }, fields({}));
    code.fill(0);
    this.codes.delete(account);
  }
}

/** In by the code on paper, and another password is set. */
export async function recover(region: Region, person: string, typed: string, password: string): Promise<Person> {
  const inside = await byWay(region, person, 'recovery-code', readCode(typed));
  await inside.account.setPassword(password);
  return inside;
}

/** Newest first. What the store counts cannot be kept back by the key server. */
export async function notices({ account, region }: Inside): Promise<Notice[]> {
  const { token, person } = account;
  const keys = Shape.of(await region.keys.post('/v1/account/notices/list', { token })).list('notices', MOST_TOLD);
  const asked = { person, token: account.storeToken() };
  const store = Shape.of(await region.store.post('/v1/password-notices/list', asked)).list('notices', MOST_TOLD);
  const told = keys.map((n) => notice(n, n.text('kind', /^[a-z-]{1,64}$/)));
  return [...told, ...store.map((n) => notice(n, 'locked-at-store'))].sort((a, b) => b.at - a.at);
}

function notice(shape: Shape, kind: string): Notice {
  return { kind, times: shape.number('times'), at: moment(shape, 'at') };
}

function moment(shape: Shape, name: string): number {
  return Date.parse(shape.text(name, TIME));
}

/** Recoveries by guardians that are under way for the person. */
export async function recoveries({ account, region }: Inside): Promise<Recovery[]> {
  const shape = Shape.of(await region.keys.post('/v1/account/recoveries/list', { token: account.token }));
  return shape.list('recoveries', 1_000).map((r) => ({ id: r.text('id', HASH), opens: moment(r, 'opens') }));
}

/** Ends them all. */
export async function veto({ account, region }: Inside): Promise<number> {
  return Shape.of(await region.keys.post('/v1/account/recoveries/veto', { token: account.token })).number('ended');
}

/** What the person is asked as somebody's guardian. */
export async function guarding({ ring, region }: Inside): Promise<Request[]> {
  return (await askedOf(region, ring)).map((r) => ({
    id: r.text('id', HASH), person: r.text('person'), at: moment(r, 'at'), opens: moment(r, 'opens'), approved: r.yes('approved'),
  }));
}

async function askedOf(region: Region, ring: Inside['ring']): Promise<Shape[]> {
  return Shape.of(await region.keys.json('/v1/guarding', { as: ring })).list('asked', 1_000);
}

/** @param typed what the person read aloud @throws Refusal `recovery-code-differs`, `recovery-unknown` */
export async function approved({ ring, region }: Inside, id: string, typed: string): Promise<void> {
  const found = (await askedOf(region, ring)).find((r) => r.text('id', HASH) === id);
  check('recovery-unknown', found !== undefined);
  const asked: Asked = {
    id, person: found.text('person'), slot: found.text('slot'), position: found.number('position'),
    key: await found.bytes('key'), share: await found.bytes('share'),
  };
  await region.keys.post('/v1/guarding/approvals', await approve(asked, typed, ring), ring);
}

/** Their keys are the directory's, proven by the ledger: whoever could put another in its place would hold a share. @throws Refusal `guardians-three` */
export async function nameGuardians(inside: Inside, ids: string[]): Promise<void> {
  const { account } = inside;
  const sorted = [...new Set(ids)].sort();
  check('guardians-three', sorted.length === 3 && !sorted.includes(account.person));
  const keys: [string, Bytes][] = [];
  for (const id of sorted) {
    keys.push([id, (await find(inside, id)).key]);
  }
  const [secret, name] = [random(32), nameOf('guardians')];
  const guardians = await shared(account.person, name, secret, keys);
  await account.add({ kind: 'guardians', secret }, fields({ guardians: sorted.join(' ') }), guardians, name);
  secret.fill(0);
}
