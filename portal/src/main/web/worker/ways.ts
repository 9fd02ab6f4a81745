/** The ways in as the account page lists and changes them. */
import { base64, unbase64, utf8, type Bytes } from '../crypto/bytes';
import { decode, encode, fields, get } from '../crypto/canonical';
import { sha256 } from '../crypto/hash';
import { check, unless } from '../crypto/refusal';
import type { Kind, Way } from '../crypto/ways';
import type { Account } from './account';

const PRF = 32;
const LONGEST_CREDENTIAL = 1023;
const LONGEST_KEY = 512;

/** @property at when it was added; @property credential of a passkey; @property guardians their IDs */
export type WayShown = { kind: Kind; name: string; at: number; credential?: Bytes; guardians: string[] };

export async function ways(account: Account): Promise<WayShown[]> {
  await account.refresh();
  return Promise.all(account.ways().map((way) => unless('account-damaged', () => shown(way))));
}

function shown(way: Way): WayShown {
  const notes = decode(utf8(way.notes));
  const at = Date.parse(way.at);
  switch (way.kind) {
    case 'passkey':
      return { kind: way.kind, name: way.name, at, guardians: [], credential: unbase64(get(notes, 'credential')) };
    case 'guardians':
      return { kind: way.kind, name: way.name, at, guardians: get(notes, 'guardians').split(' ') };
    default:
      return { kind: way.kind, name: way.name, at, guardians: [] };
  }
}

/** The input of the PRF (room `account`, Passkey): it follows from the ID, as a device that lost everything knows no more. */
export function salt(person: string): Bytes {
  return sha256(encode(fields({ purpose: 'mizuhiki account v1 passkey', person })));
}

/** @param publicKey COSE_Key @param prf the PRF's result for `salt`, wiped here */
export async function addPasskey(account: Account, credential: Bytes, publicKey: Bytes, prf: Bytes): Promise<void> {
  check('passkey-unfit', prf.length === PRF && credential.length >= 1 && credential.length <= LONGEST_CREDENTIAL
    && publicKey.length >= 1 && publicKey.length <= LONGEST_KEY);
  const notes = fields({ credential: base64(credential), 'public-key': base64(publicKey), salt: base64(salt(account.person)) });
  try {
    await account.add({ kind: 'passkey', secret: prf }, notes);
  } finally {
    prf.fill(0);
  }
}
