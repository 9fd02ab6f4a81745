/** OPAQUE (RFC 9807): the password stays in this worker; key server and store each have one half of what it is tested by. */
import { client, ready } from '@serenity-kit/opaque';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { base64, concat, own, unbase64, type Bytes } from '../crypto/bytes';
import type { Keyring } from '../crypto/keyring';
import { isPerson } from '../crypto/member';
import { check, unless } from '../crypto/refusal';
import { HASH, type Region } from './region';
import { Shape } from './shape';

const SHORTEST = 10;

/** @property token of a session at the key server; @property exportKey what the password's slot is closed by */
export type Proven = { token: string; exportKey: Bytes };

/** The key server and the store each count the guess. @throws Refusal `login-failed` */
export async function prove({ keys }: Region, person: string, password: string): Promise<Proven> {
  check('login-failed', isPerson(person));
  await ready;
  const begun = client.startLogin({ password });
  const answered = Shape.of(await keys.post('/v1/password/logins', { person, ke1: padded(begun.startLoginRequest) }));
  const loginResponse = unpadded(answered.text('ke2'));
  const done = client.finishLogin({ clientLoginState: begun.clientLoginState, loginResponse, password });
  check('login-failed', done !== undefined);
  const proof = { login: answered.text('login', HASH), ke3: padded(done.finishLoginRequest) };
  const token = Shape.of(await keys.post('/v1/password/sessions', proof)).text('token');
  return { token, exportKey: unbase64(padded(done.exportKey)) };
}

/** Who sets a password: by session and master key (`token` is the store's), or by certificate. */
export type Entitled = { shown: { token: string; key: string }; token: string } | { as: Keyring };

/** @throws Refusal `password-short` */
export function mustBeLong(password: string): void {
  check('password-short', new TextEncoder().encode(password).length >= SHORTEST);
}

export type Registered = { registration: string; upload: string; exportKey: Bytes };

/**
 * The store is asked by this page, after the key server has answered, for a share that did not exist before; this page adds
 * both. So what the password is bound to contains the store's share, whatever the key server answered (docs/flows/password.md).
 */
export async function register({ keys, store }: Region, person: string, password: string, by: Entitled): Promise<Registered> {
  mustBeLong(password);
  await ready;
  const [shown, token, as] = 'as' in by ? [{}, {}, by.as] : [{ shown: by.shown }, { token: by.token }, undefined];
  const begun = client.startRegistration({ password });
  const request = padded(begun.registrationRequest);
  const answered = Shape.of(await keys.post('/v1/password/registrations', { request, ...shown }, as));
  const registration = answered.text('registration', HASH);
  const other = Shape.of(await store.post('/v1/own-password-share', {
    person, epoch: registration, element: request, ...token,
  }, as));
  const whole = await unless('answer-malformed', async () => withShare(await answered.bytes('response'), await other.bytes('evaluated')));
  const done = client.finishRegistration({
    clientRegistrationState: begun.clientRegistrationState, registrationResponse: unpadded(base64(whole)), password,
  });
  return { registration, upload: padded(done.registrationRecord), exportKey: unbase64(padded(done.exportKey)) };
}

/** A registration response as the stock client takes it. Shares that cancel would evaluate every password alike. */
function withShare(response: Bytes, other: Bytes): Bytes {
  check('answer-malformed', response.length === 64 && other.length === 32);
  const [one, two] = [response.slice(0, 32), other].map((of) => ristretto255.Point.fromBytes(own(of)));
  const sum = one!.add(two!);
  const zero = ristretto255.Point.ZERO;
  check('answer-malformed', !one!.equals(zero) && !two!.equals(zero) && !sum.equals(zero));
  return concat(sum.toBytes(), response.slice(32));
}

/** The library's base64url as servers read it. */
function padded(base64url: string): string {
  const plain = base64url.replaceAll('-', '+').replaceAll('_', '/');
  return plain.padEnd(Math.ceil(plain.length / 4) * 4, '=');
}

function unpadded(plain: string): string {
  return plain.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
