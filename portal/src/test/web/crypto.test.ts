import { describe, expect, test } from 'vitest';
import { decodeKeyring, mustBeOf } from '../../main/web/crypto/keyring';
import { storeToken, type MasterKey } from '../../main/web/crypto/master';
import { mustBeNewest, openHead, openVault, type Kept } from '../../main/web/crypto/vault';
import { masterKey, type State } from '../../main/web/crypto/ways';
import { hex, unbase64 } from '../../main/web/crypto/bytes';
import { decode } from '../../main/web/crypto/canonical';
import { sha256 } from '../../main/web/crypto/hash';
import { EvidenceCheck, leaf } from '../../main/web/crypto/ledger';
import { openAttachment, openLetter } from '../../main/web/crypto/letter';
import { Refusal } from '../../main/web/crypto/refusal';
import { RECORD, verifySigned } from '../../main/web/crypto/signed';
import { checkStatement } from '../../main/web/crypto/statement';
import { bent, evidence, log, now, signed, trust, vectors } from './region';

const password = (secret = unbase64(vectors.exportKey)) => masterKey(vectors.person, { kind: 'password', secret }, vectors.state);
const keyring = async (master: MasterKey, state: State, kept: Kept) => {
  mustBeNewest(kept, await openHead(master, state));
  return decodeKeyring((await openVault(master, kept)).keyring);
};
const account = async () => {
  const master = await password();
  return { master, ring: await keyring(master, vectors.state, vectors.keyring) };
};
const opened = async () => openLetter(unbase64(vectors.body), unbase64(vectors.released.slot.encoded), (await account()).ring.opener);
const refused = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'accepted';
  } catch (e) {
    return e instanceof Refusal ? e.code : `thrown: ${String(e)}`;
  }
};

describe('the account', () => {
  test('opens by what the password gives, and its keyring is the person\'s own', async () => {
    const { master, ring } = await account();
    await mustBeOf(vectors.person, ring, trust(), now);
    expect(storeToken(master)).toHaveLength(44);
    expect(ring.signing.extractable).toBe(false);
  });

  test('does not open by another password', async () => {
    const other = unbase64(vectors.exportKey);
    other[0]! ^= 1;
    expect(await refused(password(other))).toBe('account-damaged');
  });

  test('refuses an older head, an older keyring and every bent bit of what servers keep', async () => {
    const { master } = await account();
    const older = { ...vectors.keyring, number: vectors.keyring.number - 1 };
    expect(await refused(keyring(master, vectors.state, older))).toBe('account-rolled-back');
    const renumbered = { ...vectors.state, number: vectors.state.number + 1 };
    expect(await refused(keyring(master, renumbered, vectors.keyring))).toBe('account-damaged');
    for (const one of bent(unbase64(vectors.keyring.content), 40)) {
      const kept = { number: vectors.keyring.number, content: Buffer.from(one).toString('base64') };
      expect(await refused(keyring(master, vectors.state, kept))).not.toBe('accepted');
    }
  });
});

describe('a letter', () => {
  test('opens bit for bit with its attachments', async () => {
    const { verified, manifest } = await opened();
    expect(hex(sha256(verified.content))).toBe(vectors.document);
    expect(manifest.owner).toBe(vectors.person);
    for (const item of manifest.items) {
      const plain = await openAttachment(unbase64(vectors.attachments[item.closed]), item, manifest);
      expect(plain.length).toBe(item.size);
    }
    const who = await trust().check(verified.chain, 'sign', verified.stampedAt);
    expect(who).toMatchObject({ kind: 'professional', name: '山田 太郎' });
  });

  test('is refused with any bit of body or slot bent', async () => {
    const { ring } = await account();
    const [body, slot] = [unbase64(vectors.body), unbase64(vectors.released.slot.encoded)];
    for (const one of bent(body, 200)) {
      expect(await refused(openLetter(one, slot, ring.opener))).not.toBe('accepted');
    }
    for (const one of bent(slot, 200)) {
      expect(await refused(openLetter(body, one, ring.opener))).not.toBe('accepted');
    }
  });

  test('gives out no attachment whose segments were bent, cut or re-ordered', async () => {
    const { manifest } = await opened();
    const item = manifest.items.reduce((a, b) => (a.size > b.size ? a : b));
    const closed = unbase64(vectors.attachments[item.closed]);
    // under the digest that the store would have to match: segments hold by themselves
    const as = (bytes: Uint8Array) => ({ ...item, closed: hex(sha256(bytes)) });
    for (const one of bent(closed, 50)) {
      expect(await refused(openAttachment(one, as(one), manifest))).toBe('seal-broken');
    }
    const cut = closed.slice(0, closed.length - 65536);
    expect(await refused(openAttachment(cut, as(cut), manifest))).toBe('seal-broken');
    expect(await refused(openAttachment(cut, item, manifest))).toBe('store-swapped');
  });
});

describe('a statement', () => {
  test('holds with its signer, stamp and time', async () => {
    const checked = await Promise.all(signed().map((s) => checkStatement(s, trust(), now)));
    expect(new Set(checked.map((a) => a.statement.kind)))
      .toEqual(new Set(['care-relation', 'letter-sealed', 'lateral-grant', 'disclosure']));
  });

  test('is refused with any bit bent', async () => {
    const believed = trust();
    for (const one of bent(signed()[0]!, 700)) {
      expect(await refused(checkStatement(one, believed, now))).not.toBe('accepted');
    }
  });

  test('is refused when its signer was revoked before, or lists are old', async () => {
    const later = now + 48 * 3600_000;
    expect(await refused(checkStatement(signed()[0]!, trust({}, () => later), now))).toBe('revocation-unknown');
  });

  test('is refused under a list of CAs that only one of the root\'s keys signed', async () => {
    for (const part of ['classical', 'quantumSafe', 'statement']) {
      const list = JSON.parse(vectors.caList);
      const bytes = unbase64(list[part]);
      bytes[40]! ^= 1;
      list[part] = Buffer.from(bytes).toString('base64');
      const forged = trust({ caList: () => Promise.resolve(JSON.stringify(list)) });
      expect(await refused(checkStatement(signed()[0]!, forged, now))).toBe('ca-list-forged');
    }
  });
});

describe('the ledger', () => {
  const stamps = trust();
  const check = () => new EvidenceCheck(log(), async (s) => void (await stamps.check(s.chain, 'stamp', s.at)));
  const first = async () => {
    const verified = await verifySigned(signed()[0]!, RECORD);
    const record = decode(verified.content);
    return { kind: record.get('kind')!, id: hex(sha256(verified.content)) };
  };

  test('proves every statement that names the person', async () => {
    const all = check();
    for (const one of signed()) {
      const { statement } = await checkStatement(one, stamps, now);
      const at = await all.check(evidence(hex(leaf(statement.kind, statement.id))), statement.kind, statement.id);
      expect(at).toBeLessThanOrEqual(now);
    }
  });

  test('is not believed with another index, path, root, signature, witness or stamp', async () => {
    const { kind, id } = await first();
    const sound = evidence(hex(leaf(kind, id)));
    expect(await refused(check().check({ ...sound, index: sound.index - 1 }, kind, id))).toBe('evidence-broken');
    expect(await refused(check().check(sound, 'veto', id))).toBe('evidence-broken');
    const note = sound.checkpoint.note.split('\n');
    const without = (place: number) => note.filter((_, at) => at !== place).join('\n');
    const changed = (checkpoint: { note: string; stamp: string }) => refused(check().check({ ...sound, checkpoint }, kind, id));
    expect(await changed({ ...sound.checkpoint, note: without(4) })).toBe('checkpoint-forged');
    expect(await changed({ ...sound.checkpoint, note: without(5) })).toBe('checkpoint-forged');
    expect(await changed({ ...sound.checkpoint, note: without(6) })).toBe('witness-missing');
    for (const one of bent(unbase64(sound.checkpoint.stamp), 150)) {
      expect(await changed({ ...sound.checkpoint, stamp: Buffer.from(one).toString('base64') })).not.toBe('accepted');
    }
    for (const one of bent(Buffer.from(sound.checkpoint.note), 150)) {
      expect(await changed({ ...sound.checkpoint, note: Buffer.from(one).toString('utf8') })).not.toBe('accepted');
    }
  });
});
