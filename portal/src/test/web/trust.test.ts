import { expect, test } from 'vitest';
import { unbase64 } from '../../main/web/crypto/bytes';
import { HELD, Kept } from '../../main/web/crypto/kept';
import { Refusal } from '../../main/web/crypto/refusal';
import { RECORD, verifySigned } from '../../main/web/crypto/signed';
import { now, signed, trust, vectors } from './region';

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));
const away = () => Promise.reject(new Refusal('server-unreachable', '', ''));

/** A region whose authority is asked, or is not there, and a clock. */
async function asking() {
  const state = { at: now, asked: [] as string[], away: false };
  const answer = <T>(name: string, value: T): Promise<T> => (state.asked.push(name), state.away ? away() : Promise.resolve(value));
  const region = trust({ caList: () => answer('list', vectors.caList), crl: (ca) => answer(ca, unbase64(vectors.crls[ca])) }, () => state.at);
  const { chain, stampedAt } = await verifySigned(signed()[0]!, RECORD);
  return { state, check: () => code(region.check(chain, 'sign', stampedAt)) };
}

test('revocation lists and the list of CAs are asked for again after some minutes, and not before', async () => {
  const { state, check } = await asking();
  expect(await check()).toBe('accepted');
  const first = [...state.asked].sort();
  expect(first.length).toBeGreaterThan(1);
  state.at += HELD - 1;
  expect(await check()).toBe('accepted');
  expect(state.asked).toHaveLength(first.length);
  [state.at, state.asked.length] = [state.at + 1, 0];
  expect(await check()).toBe('accepted');
  expect([...state.asked].sort()).toEqual(first);
});

test('a fresh list serves while the authority is away; one that is over is asked for again before anything is refused', async () => {
  const { state, check } = await asking();
  expect(await check()).toBe('accepted');
  [state.away, state.at] = [true, state.at + HELD];
  expect(await check()).toBe('accepted');
  [state.at, state.asked.length] = [now + 25 * 3600_000, 0];
  expect(await check()).toBe('revocation-unknown');
  expect(state.asked.length).toBeGreaterThan(0);
});

test('an older answer takes no newer one\'s place, a wrong one is told, and after the first "away" there is nothing to fall back on', async () => {
  let at = 0;
  let answer: () => Promise<number> = away;
  const kept = new Kept(() => at, () => answer(), (a, b) => Math.max(a, b));
  expect(await code(kept.get())).toBe('server-unreachable');
  answer = () => Promise.resolve(7);
  expect(await kept.get()).toBe(7);
  [at, answer] = [HELD, () => Promise.resolve(5)];
  expect(await kept.get()).toBe(7);
  [at, answer] = [2 * HELD, () => Promise.reject(new Refusal('revocation-list-broken', '', ''))];
  expect(await code(kept.get())).toBe('revocation-list-broken');
  // a clock that was set back asks again
  [at, answer] = [0, () => Promise.resolve(9)];
  expect(await kept.get()).toBe(9);
});
