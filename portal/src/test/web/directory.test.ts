import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unbase64 } from '../../main/web/crypto/bytes';
import { proven, type Listing } from '../../main/web/crypto/directory';
import { EvidenceCheck } from '../../main/web/crypto/ledger';
import { Refusal } from '../../main/web/crypto/refusal';
import { Trust } from '../../main/web/crypto/trust';
import { listing } from '../../main/web/worker/professional/people';
import { Shape } from '../../main/web/worker/shape';
import { bent } from './region';

const vectors = JSON.parse(readFileSync(new URL('../directory.json', import.meta.url), 'utf8'));
const now = Date.parse(vectors.now) + 1000;

function region() {
  const { roots, quantumSafeRoot, log } = vectors.region;
  const published = {
    caList: () => Promise.resolve(vectors.caList as string),
    crl: (ca: string) => Promise.resolve(unbase64(vectors.crls[ca])),
  };
  const trust = Trust.of(roots.map(unbase64), unbase64(quantumSafeRoot), published, () => now);
  const witnesses = new Map(Object.entries<string>(log.witnesses).map(([name, key]) => [name, unbase64(key)] as const));
  const keys = { origin: log.origin, classical: unbase64(log.classical), quantumSafe: unbase64(log.quantumSafe), witnesses, quorum: log.quorum };
  return { trust, evidence: new EvidenceCheck(keys, async (stamp) => void (await trust.check(stamp.chain, 'stamp', stamp.at))) };
}

const answer = (n: number, change: Record<string, unknown> = {}): Promise<Listing> =>
  listing(Shape.of({ ...structuredClone(vectors.listed[n].listing), ...change }));
const { trust, evidence } = region();
const asked = async (person: string, shown: Listing) => proven(person, shown, trust, (...entry) => evidence.check(...entry), now);
const refused = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'accepted';
  } catch (e) {
    return e instanceof Refusal ? e.code : `thrown: ${String(e)}`;
  }
};
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('a directory\'s answer', () => {
  test('is believed when certificates, binding and the ledger\'s entry are this person\'s', async () => {
    for (const [n, one] of vectors.listed.entries()) {
      const found = await asked(one.person, await answer(n));
      expect(base64(found.key)).toBe(one.key);
      expect(found.who).toMatchObject({ id: one.person, kind: n < 2 ? 'professional' : 'patient' });
    }
  });

  test('about somebody else is refused', async () => {
    const [a, b] = vectors.listed;
    expect(await refused(asked(a.person, await answer(1)))).toBe('listing-forged');
    expect(await refused(asked(a.person, await answer(1, { member: a.listing.member })))).toBe('listing-forged');
    expect(await refused(asked(b.person, await answer(0)))).toBe('listing-forged');
  });

  test('with another\'s sealing key, binding or evidence is refused', async () => {
    const [a, b] = vectors.listed;
    for (const change of [
      { sealing: b.listing.sealing }, { binding: b.listing.binding }, { evidence: b.listing.evidence },
      { sealing: b.listing.sealing, binding: b.listing.binding }, { signing: b.listing.signing },
      { sealing: b.listing.sealing, binding: b.listing.binding, signing: b.listing.signing }, { sealing: a.listing.signing[0] },
      { signing: [a.listing.sealing, ...a.listing.signing.slice(1)] }, { number: 2 }, { number: 2, before: a.listing.evidence.entry.record },
    ]) {
      expect(await refused(asked(a.person, await answer(0, change))), JSON.stringify(Object.keys(change))).not.toBe('accepted');
    }
  });

  test('whose entry has no label, or another\'s, is refused: the person could not find it in the ledger', async () => {
    const [a, b] = vectors.listed;
    for (const label of [undefined, b.listing.evidence.entry.label]) {
      const entry = { ...a.listing.evidence.entry, label };
      expect(await refused(asked(a.person, await answer(0, { evidence: { ...a.listing.evidence, entry: JSON.parse(JSON.stringify(entry)) } })))).toBe('listing-forged');
    }
  });

  test('is refused with any bit bent', async () => {
    const [a] = vectors.listed;
    for (const name of ['sealing', 'binding'] as const) {
      for (const one of bent(unbase64(a.listing[name]), 50)) {
        expect(await refused(asked(a.person, await answer(0, { [name]: base64(one) })))).not.toBe('accepted');
      }
    }
    for (const one of bent(unbase64(a.listing.signing[0]), 50)) {
      expect(await refused(asked(a.person, await answer(0, { signing: [base64(one), ...a.listing.signing.slice(1)] })))).not.toBe('accepted');
    }
    for (const index of [a.listing.evidence.index + 1, 0].filter((i) => i !== a.listing.evidence.index)) {
      expect(await refused(asked(a.person, await answer(0, { evidence: { ...a.listing.evidence, index } })))).toBe('evidence-broken');
    }
  });
});
