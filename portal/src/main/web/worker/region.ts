/** The region as this page knows it: its servers, its log and whom it trusts, all from one file beside the page's own code. */
import { hex, unbase64 } from '../crypto/bytes';
import { fingerprint } from '../crypto/request';
import { EvidenceCheck, leaf, type Evidence, type LogKeys } from '../crypto/ledger';
import { Trust } from '../crypto/trust';
import { Server, ServerTime } from './servers';
import { Shape } from './shape';

export const HASH = /^[0-9a-f]{64}$/;
const ADDRESS = /^https:\/\/[a-z0-9.-]+(?::[0-9]+)?$/;

/** @property fingerprint of all that is pinned, which invitations name */
export type Region = {
  fingerprint: string; keys: Server; store: Server; authority: Server; log: LogKeys; trust: Trust; evidence: EvidenceCheck;
};
export type Proof = { digest: string; leaf: string; index: number; size: number; by: number; log: string; witnesses: string[] };

/** @param from where this code came from: the region's roots and addresses come with it */
export async function reached(from: string): Promise<Region> {
  const time = new ServerTime();
  const file = Shape.of(await new Server('web', from, time).json('region.json'));
  const server = (role: string) => new Server(role, file.text(role, ADDRESS), time);
  const [authority, stated] = [server('authority'), file.shape('log')];
  const published = {
    caList: async () => new TextDecoder().decode(await authority.bytes('/ca/list.json')),
    crl: (ca: string) => authority.bytes(`/crl/${ca}.crl`),
  };
  const roots = file.texts('roots', /^[A-Za-z0-9+/=]+$/).map(unbase64);
  const log = {
    origin: stated.text('origin'), classical: await stated.bytes('classical'), quantumSafe: await stated.bytes('quantumSafe'),
    witnesses: new Map([...stated.named('witnesses')].map(([name, key]) => [name, unbase64(key)])), quorum: stated.number('quorum'),
  };
  const trust = Trust.of(roots, await file.bytes('quantumSafeRoot'), published, () => Date.now());
  const evidence = new EvidenceCheck(log, async (stamp) => void (await trust.check(stamp.chain, 'stamp', stamp.at)));
  const pinned = fingerprint({ region: file.text('region'), roots, quantumSafeRoot: await file.bytes('quantumSafeRoot'), log });
  return { fingerprint: pinned, keys: server('keys'), store: server('store'), authority, log, trust, evidence };
}

/** An entry's evidence, fetched from the ledger and computed here. @param id of the statement, as the entry's record */
export async function proven({ authority, log, evidence: check }: Region, kind: string, id: string): Promise<Proof> {
  const place = hex(leaf(kind, id));
  const evidence = evidenceOf(await authority.json(`/v1/ledger/evidence/${place}`));
  const by = await check.check(evidence, kind, id);
  const size = Number(evidence.checkpoint.note.split('\n')[1]);
  return { digest: id, leaf: place, index: evidence.index, size, by, log: log.origin, witnesses: [...log.witnesses.keys()] };
}

function evidenceOf(answer: unknown): Evidence {
  const shape = Shape.of(answer);
  const [entry, checkpoint] = [shape.shape('entry'), shape.shape('checkpoint')];
  return {
    entry: { kind: entry.text('kind'), record: entry.text('record', HASH), label: entry.text('label') },
    index: shape.number('index'), path: shape.texts('path', HASH, 64),
    checkpoint: { note: checkpoint.text('note'), stamp: checkpoint.text('stamp') },
  };
}
