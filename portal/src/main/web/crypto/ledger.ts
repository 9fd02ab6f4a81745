/** The ledger's proof (RFC 9162; C2SP signed notes): checked here, whatever any server says about it. */
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { base64, concat, equal, hex, number, unbase64, unhex, utf8, type Bytes } from './bytes';
import { encode, fields } from './canonical';
import { verify } from './ecdsa';
import { sha256 } from './hash';
import { check, unless } from './refusal';
import { verifyStamp, type Stamp } from './stamp';

const MAX_NOTE = 128 << 10;
const MAX_LINES = 32;
const MAX_PATH = 64;
const NAME = /^[^\p{Z}\p{Cc}+]{1,255}$/u;
const ML_DSA_65 = unhex('308207b2300b0609608648016503040312038207a100');

/** How a region's log is known. Keys: SubjectPublicKeyInfo. */
export type LogKeys = { origin: string; classical: Bytes; quantumSafe: Bytes; witnesses: Map<string, Bytes>; quorum: number };

export type Evidence = {
  entry: { kind: string; record: string; label: string };
  index: number;
  path: string[];
  checkpoint: { note: string; stamp: string };
};

type Line = { name: string; id: string; signature: Bytes };
type Note = { text: string; lines: Line[] };
type Checkpoint = { size: number; root: Bytes; at: number; chain: Stamp['chain'] };

/** RFC 9162, 2.1.1: SHA-256 of 0x00 and the entry's canonical bytes. */
export function leaf(kind: string, record: string, label = ''): Bytes {
  return sha256(concat(Uint8Array.of(0), encode(fields({ kind, record, ...(label === '' ? {} : { label }) }))));
}

function parent(left: Bytes, right: Bytes): Bytes {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** RFC 9162, 2.1.3.2, step by step; sizes beyond 2^31 need more than bit operators. */
export function includes(of: Bytes, index: number, size: number, path: Bytes[], root: Bytes): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || path.length > MAX_PATH) {
    return false;
  }
  let [fn, sn] = [index, size - 1];
  let hash = of;
  for (const p of path) {
    if (sn === 0) {
      return false;
    }
    if (fn % 2 === 1 || fn === sn) {
      hash = parent(p, hash);
      while (fn % 2 === 0 && fn !== 0) {
        [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
      }
    } else {
      hash = parent(hash, p);
    }
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && equal(hash, root);
}

/** Checks proofs; a checkpoint that several share is checked once. */
export class EvidenceCheck {
  private readonly held = new Map<string, Promise<Checkpoint>>();

  /** @param believed whose stamps are believed */
  constructor(private readonly keys: LogKeys, private readonly believed: (stamp: Stamp) => Promise<void>) {}

  /** @return when at the latest this entry was in the log, milliseconds @throws Refusal */
  async check(evidence: Evidence, kind: string, record: string, label = ''): Promise<number> {
    const { entry, checkpoint } = evidence;
    // a proof of some other entry proves nothing about this one
    check('evidence-broken', entry.kind === kind && entry.record === record && entry.label === label);
    const key = `${checkpoint.note}\n${checkpoint.stamp}`;
    const known = this.held.get(key) ?? this.checkpoint(checkpoint.note, checkpoint.stamp);
    this.held.set(key, known);
    known.catch(() => this.held.delete(key));
    const tree = await known;
    const path = await unless('evidence-broken', () => evidence.path.map(unhex));
    check('evidence-broken', path.every((p) => p.length === 32));
    check('evidence-broken', includes(leaf(kind, record, label), evidence.index, tree.size, path, tree.root));
    return tree.at;
  }

  private checkpoint(note: string, stamp: string): Promise<Checkpoint> {
    return unless('checkpoint-forged', async () => {
      const parsed = parseNote(note);
      const [origin, size, root, end] = parsed.text.split('\n');
      const well = origin === this.keys.origin && /^(?:0|[1-9][0-9]{0,15})$/.test(size ?? '') && end === '';
      check('checkpoint-forged', well && parsed.text.split('\n').length === 4);
      const tree = { size: Number(size), root: unbase64(root!) };
      check('checkpoint-forged', tree.root.length === 32 && Number.isSafeInteger(tree.size));
      await this.signatures(parsed);
      const stamped = await verifyStamp(unbase64(stamp), utf8(parsed.text));
      await this.believed(stamped);
      return { ...tree, ...stamped };
    });
  }

  /** Both of the log's: whoever breaks one kind of signature has not broken the other; and enough witnesses. */
  private async signatures(note: Note): Promise<void> {
    const message = utf8(note.text);
    const { origin, classical, quantumSafe } = this.keys;
    const first = line(note, origin, keyId(origin, classical, ''));
    const second = line(note, origin, keyId(origin, quantumSafe, 'mizuhiki.org/ml-dsa-65'));
    check('checkpoint-forged', first !== undefined && second !== undefined);
    check('checkpoint-forged', await verify(classical, 'P-256', first, message));
    check('checkpoint-forged', equal(quantumSafe.slice(0, ML_DSA_65.length), ML_DSA_65));
    check('checkpoint-forged', ml_dsa65.verify(second, message, quantumSafe.slice(ML_DSA_65.length)));
    let seen = 0;
    for (const [name, key] of this.keys.witnesses) {
      const cosigned = line(note, name, keyId(name, key, 'mizuhiki.org/ecdsa-cosignature/v1'));
      if (cosigned) {
        check('checkpoint-forged', await verify(key, 'P-256', cosigned.slice(8), concat(header(cosigned), message)));
        seen++;
      }
    }
    check('witness-missing', seen >= this.keys.quorum);
  }
}

function header(cosigned: Bytes): Bytes {
  return utf8(`cosignature/v1\ntime ${number(cosigned.slice(0, 8))}\n`);
}

function keyId(name: string, key: Bytes, type: string): string {
  const input = type === '' ? key : concat(utf8(`${name}\n`), Uint8Array.of(0xff), utf8(type), key);
  return hex(sha256(input).slice(0, 4));
}

/** The one line of a key, if there is one. */
function line(note: Note, name: string, id: string): Bytes | undefined {
  const mine = note.lines.filter((l) => l.name === name && l.id === id);
  check('checkpoint-forged', mine.length <= 1);
  return mine[0]?.signature;
}

function parseNote(encoded: string): Note {
  const gap = encoded.lastIndexOf('\n\n');
  check('checkpoint-forged', encoded.length <= MAX_NOTE && gap >= 0 && encoded.endsWith('\n'));
  check('checkpoint-forged', !/[\x00-\x09\x0b-\x1f\x7f]/.test(encoded));
  const lines = encoded.slice(gap + 2, -1).split('\n').map((one) => {
    const [dash, name, signature, more] = one.split(' ');
    check('checkpoint-forged', dash === '—' && NAME.test(name ?? '') && signature !== undefined && more === undefined);
    const joined = unbase64(signature);
    check('checkpoint-forged', joined.length >= 5 && base64(joined) === signature);
    return { name: name!, id: hex(joined.slice(0, 4)), signature: joined.slice(4) };
  });
  check('checkpoint-forged', lines.length <= MAX_LINES);
  return { text: encoded.slice(0, gap + 1), lines };
}
