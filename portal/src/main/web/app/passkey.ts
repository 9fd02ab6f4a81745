/**
 * Passkeys (WebAuthn Level 3 with the PRF extension): only a page may ask the authenticator. What the PRF gives is handed to
 * the worker, which empties it here. No server checks the assertion: what the PRF gives is the proof, so the challenge is one
 * that nobody asks for.
 */
import type { PlainRefusal } from '../crypto/refusal';

type Octets = Uint8Array<ArrayBuffer>;
type PrfResults = { prf?: { enabled?: boolean; results?: { first?: ArrayBuffer } } };

/** ECDSA P-256, then RSA, which older computers' own chips have. */
const ALGORITHMS = [-7, -257];
const TYPE = 'public-key';

export const possible = (): boolean => 'credentials' in navigator && typeof globalThis.PublicKeyCredential === 'function';

function no(code: string, ja: string, en: string): PlainRefusal {
  return { code, ja, en };
}
const CANCELLED = no('passkey-cancelled', 'パスキーの操作が取り消されたか、時間切れになりました', 'The passkey was cancelled, or it took too long');
const NO_PRF = no('passkey-unfit', 'この端末のパスキーは鍵を作る機能（PRF）に対応していません。別の端末か、別の開け方を使ってください',
  'This device\'s passkeys cannot make keys (PRF); use another device or another way');
const THERE = no('passkey-exists', 'この端末のパスキーはすでに登録されています', 'This device\'s passkey is registered already');

const random = (): Octets => crypto.getRandomValues(new Uint8Array(32));

/** @param known credentials that are not to be made twice on one device @throws PlainRefusal */
export async function make(person: string, salt: Octets, known: Octets[]): Promise<{ credential: Octets; publicKey: Octets; prf: Octets }> {
  const made = await asked(() => navigator.credentials.create({
    publicKey: {
      rp: { id: location.hostname, name: '水引 Mizuhiki' },
      user: { id: new TextEncoder().encode(person), name: person, displayName: person },
      challenge: random(),
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: TYPE })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: known.map((id) => ({ id, type: TYPE })),
      extensions: { prf: { eval: { first: salt } } },
    },
  }));
  const results = (made.getClientExtensionResults() as PrfResults).prf;
  if (results?.enabled === false) {
    throw NO_PRF;
  }
  const response = made.response as AuthenticatorAttestationResponse;
  const credential = new Uint8Array(made.rawId);
  const publicKey = coseKey(new Uint8Array(response.getAuthenticatorData()));
  // most authenticators give the PRF's result only when they are asked again
  const prf = results?.results?.first ? new Uint8Array(results.results.first) : (await evaluated(salt, credential)).prf;
  return { credential, publicKey, prf };
}

/** Whose passkey it is, for who does not type the ID. @throws PlainRefusal */
export async function whose(): Promise<string> {
  const found = await asked(() => navigator.credentials.get({
    publicKey: { challenge: random(), rpId: location.hostname, userVerification: 'required' },
  }));
  const handle = (found.response as AuthenticatorAssertionResponse).userHandle;
  return handle ? new TextDecoder().decode(handle) : '';
}

/** What the PRF gives. @param credential which passkey; absent, the person chooses @throws PlainRefusal */
export async function evaluated(salt: Octets, credential?: Octets): Promise<{ prf: Octets }> {
  const found = await asked(() => navigator.credentials.get({
    publicKey: {
      challenge: random(), rpId: location.hostname, userVerification: 'required',
      ...(credential ? { allowCredentials: [{ id: credential, type: TYPE }] } : {}),
      extensions: { prf: { eval: { first: salt } } },
    },
  }));
  const first = (found.getClientExtensionResults() as PrfResults).prf?.results?.first;
  if (!first || first.byteLength !== 32) {
    throw NO_PRF;
  }
  return { prf: new Uint8Array(first) };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await ask();
    if (found instanceof PublicKeyCredential) {
      return found;
    }
  } catch (e) {
    throw e instanceof DOMException && e.name === 'InvalidStateError' ? THERE : CANCELLED;
  }
  throw CANCELLED;
}

/** The COSE_Key out of authenticator data (WebAuthn 6.1, 6.5.1); extensions may stand behind it. */
export function coseKey(data: Octets): Octets {
  const at = 55 + ((data[53] ?? 0) << 8) + (data[54] ?? 0);
  return data.slice(at, afterItem(data, at));
}

/** Where a CBOR item ends (RFC 8949), of the few kinds that a key is made of. */
function afterItem(data: Octets, at: number): number {
  const kind = (data[at] ?? 0xff) >> 5;
  const short = (data[at] ?? 0) & 0x1f;
  const width = short < 24 ? 0 : short === 24 ? 1 : short === 25 ? 2 : Number.NaN;
  const value = width === 0 ? short : data.slice(at + 1, at + 1 + width).reduce((sum, octet) => sum * 256 + octet, 0);
  let end = at + 1 + width;
  if (kind === 2) {
    end += value;
  } else if (kind === 5 && value <= 16) {
    for (let item = 0; item < 2 * value; item++) {
      end = afterItem(data, end);
    }
  } else if (kind > 1) {
    throw NO_PRF;
  }
  if (!(end <= data.length)) {
    throw NO_PRF;
  }
  return end;
}
