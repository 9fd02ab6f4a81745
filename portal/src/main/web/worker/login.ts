/** Logging in by ID and password; steps of docs/flows/account.md, "Log in". */
import { client as opaque, ready } from '@serenity-kit/opaque';
import { keyring, masterKey, mustBeOf, storeToken, type Keyring, type Kept, type State } from '../crypto/account';
import { unbase64 } from '../crypto/bytes';
import { isPerson } from '../crypto/member';
import { check } from '../crypto/refusal';
import { HASH, type Region } from './region';
import { Shape } from './shape';

/** Who is logged in. @property token of the session at the key server */
export type Person = { person: string; ring: Keyring; token: string };

export async function logIn({ keys, store, trust }: Region, person: string, password: string): Promise<Person> {
  check('login-failed', isPerson(person));
  await ready;
  // 1. OPAQUE: the password stays here; the key server and the store each count the guess
  const begun = opaque.startLogin({ password });
  const answered = Shape.of(await keys.post('/v1/password/logins', { person, ke1: padded(begun.startLoginRequest) }));
  const loginResponse = unpadded(answered.text('ke2'));
  const done = opaque.finishLogin({ clientLoginState: begun.clientLoginState, loginResponse, password });
  check('login-failed', done !== undefined);
  const proof = { login: answered.text('login', HASH), ke3: padded(done.finishLoginRequest) };
  const token = Shape.of(await keys.post('/v1/password/sessions', proof)).text('token');
  // 2. slots, master key, keyring: both servers' answers held against each other
  const exportKey = unbase64(padded(done.exportKey));
  const state = stateOf(await keys.post('/v1/account/state', { token }));
  const master = await masterKey(person, exportKey, state);
  const kept = keptOf(await store.post('/v1/keyrings/fetch', { person, token: storeToken(master) }));
  const ring = await keyring(master, state, kept);
  exportKey.fill(0);
  master.key.fill(0);
  // 3. it is this person's, from this region
  await mustBeOf(person, ring, trust, Date.now());
  return { person, ring, token };
}

export function stateOf(answer: unknown): State {
  const shape = Shape.of(answer);
  const slots = shape.list('slots', 32).map((s) => ({ name: s.text('name'), wrapped: s.text('wrapped') }));
  return { number: shape.number('number'), head: shape.text('head'), slots };
}

export function keptOf(answer: unknown): Kept {
  const shape = Shape.of(answer);
  return { number: shape.number('number'), content: shape.text('content', /^[A-Za-z0-9+/=]{1,2000000}$/) };
}

/** The library's base64url as servers read it. */
export function padded(base64url: string): string {
  const plain = base64url.replaceAll('-', '+').replaceAll('_', '/');
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
}

export function unpadded(plain: string): string {
  return plain.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
