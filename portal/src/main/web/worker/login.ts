/** Coming in: by password or passkey or code to the master key, and by it to the keys; steps of docs/flows/account.md. */
import type { Bytes } from '../crypto/bytes';
import { decodeKeyring, mustBeOf, type Keyring } from '../crypto/keyring';
import { isPerson, type Member } from '../crypto/member';
import { check } from '../crypto/refusal';
import { release, type WayIn } from '../crypto/ways';
import { Account } from './account';
import { prove } from './password';
import type { Region } from './region';
import { Shape } from './shape';

/** Who is logged in. @property member as the certificate says */
export type Person = { person: string; member: Member; ring: Keyring; account: Account };

export async function byPassword(region: Region, person: string, password: string): Promise<Person> {
  const { token, exportKey } = await prove(region, person, password);
  return wiped(exportKey, () => entered(region, person, token, { kind: 'password', secret: exportKey }));
}

/** By another way: its secret gives what the key server opens a session for; it is wiped. @throws Refusal `way-in-unknown` */
export async function byWay(region: Region, person: string, kind: WayIn['kind'], secret: Bytes): Promise<Person> {
  return wiped(secret, async () => {
    check('login-failed', isPerson(person));
    const way = { kind, secret };
    const entry = { person, release: release(person, way) };
    const token = Shape.of(await region.keys.post('/v1/account/entries', entry)).text('token');
    return entered(region, person, token, way);
  });
}

/** Whoever gets in or not, the secret stays nowhere. */
async function wiped<T>(secret: Bytes, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    secret.fill(0);
  }
}

async function entered(region: Region, person: string, token: string, way: WayIn): Promise<Person> {
  // slots, master key, keyring: both servers' answers held against each other
  const account = await Account.open(region, person, token, way);
  const ring = await decodeKeyring(account.keyring);
  // it is this person's, from this region
  const member = await mustBeOf(person, ring, region.trust, Date.now());
  return { person, member, ring, account };
}
