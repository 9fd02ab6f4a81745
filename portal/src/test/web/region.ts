/** The committed region (made by the Java test BrowserVectorsTest), as servers answer it. */
import { readFileSync } from 'node:fs';
import { unbase64 } from '../../main/web/crypto/bytes';
import type { Evidence, LogKeys } from '../../main/web/crypto/ledger';
import { Trust, type Published } from '../../main/web/crypto/trust';

export const vectors = JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8'));
export const now = Date.parse(vectors.now) + 1000;

export function published(change: Partial<Published> = {}): Published {
  return {
    caList: () => Promise.resolve(vectors.caList),
    crl: (ca) => Promise.resolve(unbase64(vectors.crls[ca])),
    ...change,
  };
}

export function trust(change: Partial<Published> = {}, at: () => number = () => now): Trust {
  return Trust.of(vectors.region.roots.map(unbase64), unbase64(vectors.region.quantumSafeRoot), published(change), at);
}

export function log(): LogKeys {
  const { origin, classical, quantumSafe, witnesses, quorum } = vectors.region.log;
  const keys = Object.entries<string>(witnesses).map(([name, key]) => [name, unbase64(key)] as const);
  return { origin, classical: unbase64(classical), quantumSafe: unbase64(quantumSafe), witnesses: new Map(keys), quorum };
}

export const signed = (): Uint8Array<ArrayBuffer>[] =>
  vectors.involving.statements.map((f: { signed: string }) => unbase64(f.signed));

export const evidence = (leaf: string): Evidence => structuredClone(vectors.evidence[leaf]);

/** Every place of some bytes, spread over the whole, with one bit of it bent. */
export function* bent(bytes: Uint8Array, most = 60): Generator<Uint8Array<ArrayBuffer>> {
  const step = Math.max(1, Math.floor(bytes.length / most));
  for (let at = 0; at < bytes.length; at += step) {
    const copy = new Uint8Array(bytes);
    copy[at]! ^= 1 << (at % 8);
    yield copy;
  }
}
