/**
 * Whose key it is that letters are closed for: what a directory answers is checked here before anything is sealed, or a
 * swapped key would read along (room `trust`, DirectoryCheck; docs/flows/directory.md).
 */
import { concat, equal, hex, unhex, utf8, type Bytes } from './bytes';
import { digest, fields } from './canonical';
import { certificate, type Certificate } from './certificate';
import { verify } from './ecdsa';
import { sha256 } from './hash';
import type { Evidence } from './ledger';
import { member, type Member } from './member';
import { check, unless } from './refusal';
import type { Trust } from './trust';

const FORGED = 'listing-forged';
const KIND = 'key-entry';
/** SubjectPublicKeyInfo of an X-Wing key, up to the key (draft-connolly-cfrg-xwing-kem, 5.8). */
const X_WING = unhex('308204d4300d060b2b0601040183e62d81c87a038204c100');
const KEY = 1216;

/** As a directory answers: nothing of it is believed. @property signing DER, own first */
export type Listing = {
  identity: string;
  number: number;
  before: string | undefined;
  signing: Bytes[];
  sealing: Bytes;
  binding: Bytes;
  evidence: Evidence;
};

/** A person whose key was proven. @property key X-Wing, 1216 bytes */
export type Proven = { who: Member; key: Bytes; number: number; leaf: string; index: number };

/** Checks that an entry of the ledger is there, see `EvidenceCheck`. */
export type Entered = (evidence: Evidence, kind: string, record: string, label: string) => Promise<number>;

/** @throws Refusal `listing-forged`, and those of trust and ledger @param now milliseconds */
export async function proven(asked: string, listing: Listing, trust: Trust, entered: Entered, now: number): Promise<Proven> {
  const signing = await unless(FORGED, () => listing.signing.map(certificate));
  const sealing = await unless(FORGED, () => certificate(listing.sealing));
  check(FORGED, signing.length > 0 && listing.identity === asked);
  // 1. both certificates lead to the root, are valid now and not revoked
  const signer = await trust.check(signing, 'sign', now);
  const reader = await trust.check([sealing, ...signing.slice(1)], 'seal', now);
  // 2. both name whom we asked for, and alike
  check(FORGED, signer.kind !== 'server' && signer.id === asked && JSON.stringify(signer) === JSON.stringify(reader));
  // 3. the person's own signing key bound the sealing key
  const key = sealingKey(sealing);
  const said = concat(utf8('mizuhiki sealing key v1\n'), key);
  check(FORGED, await verify(signing[0]!.spki, 'P-256', listing.binding, said));
  // 4. the ledger holds exactly this entry, under the label by which this person finds it too
  const record = digest(entry(asked, listing, signing[0]!, sealing));
  const label = digest(fields({ kind: 'key-entry-label', identity: asked, record }));
  check(FORGED, listing.evidence.entry.record === record && listing.evidence.entry.label === label);
  await entered(listing.evidence, KIND, record, label);
  return { who: signer, key, number: listing.number, leaf: record, index: listing.evidence.index };
}

function sealingKey(of: Certificate): Bytes {
  check(FORGED, isXWing(of.spki));
  return of.spki.slice(X_WING.length);
}

export function isXWing(spki: Bytes): boolean {
  return spki.length === X_WING.length + KEY && equal(spki.slice(0, X_WING.length), X_WING);
}

function entry(identity: string, listing: Listing, signing: Certificate, sealing: Certificate) {
  const who = member(signing);
  const named: Record<string, string> = who.kind === 'professional'
    ? { name: who.name, institution: who.code, 'institution-name': who.institution } : {};
  check(FORGED, Number.isSafeInteger(listing.number) && listing.number >= 1 && (listing.number > 1) === (listing.before !== undefined));
  return fields({
    kind: KIND, number: String(listing.number), signing: signing.digest, sealing: sealing.digest,
    binding: hex(sha256(listing.binding)), identity, ...named, ...(listing.before ? { before: listing.before } : {}),
  });
}
