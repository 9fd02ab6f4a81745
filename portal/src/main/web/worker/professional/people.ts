/** Other people's keys, believed only after they and the ledger's proof were checked here: docs/flows/directory.md, "Asking". */
import { proven, type Listing, type Proven } from '../../crypto/directory';
import { isPerson } from '../../crypto/member';
import { check } from '../../crypto/refusal';
import { HASH } from '../region';
import type { Inside } from '../session';
import { Shape } from '../shape';
import { must } from './denied';
import type { Desk, Professional } from './desk';

/** @throws Refusal `person-unknown`, `listing-forged`, and those of trust and ledger */
export async function find(desk: Inside, person: string): Promise<Proven> {
  must('person-malformed', isPerson(person));
  const answer = Shape.of(await desk.region.authority.json(`/v1/directory/${person}`, { as: desk.ring }));
  return held(desk, person, await listing(answer));
}

export type Colleague = Professional & { entry: number };

/** Professionals whose name or institution contains `text`, each checked. */
export async function search(desk: Desk, text: string): Promise<Colleague[]> {
  const path = `/v1/professionals?text=${encodeURIComponent(text.trim().slice(0, 100))}`;
  const answer = Shape.of(await desk.region.authority.json(path, { as: desk.ring }));
  const found: Colleague[] = [];
  for (const one of answer.list('listings', 50)) {
    const shown = await listing(one);
    const { who, index } = await held(desk, shown.identity, shown);
    check('listing-forged', who.kind === 'professional');
    if (who.id !== desk.me.id) {
      found.push({ ...who, entry: index });
    }
  }
  return found;
}

function held(desk: Inside, person: string, shown: Listing): Promise<Proven> {
  const { trust, evidence } = desk.region;
  return proven(person, shown, trust, (...entry) => evidence.check(...entry), Date.now());
}

/** As the directory writes it: its form only. */
export async function listing(shape: Shape): Promise<Listing> {
  const evidence = shape.shape('evidence');
  const [entry, checkpoint] = [evidence.shape('entry'), evidence.shape('checkpoint')];
  return {
    identity: shape.shape('member').text('identity'), number: shape.number('number'),
    before: shape.has('before') ? shape.text('before', HASH) : undefined,
    signing: await shape.octets('signing', 8), sealing: await shape.bytes('sealing'), binding: await shape.bytes('binding'),
    evidence: {
      entry: { kind: entry.text('kind'), record: entry.text('record', HASH), label: entry.has('label') ? entry.text('label', HASH) : '' },
      index: evidence.number('index'), path: evidence.texts('path', HASH, 64),
      checkpoint: { note: checkpoint.text('note'), stamp: checkpoint.text('stamp') },
    },
  };
}
