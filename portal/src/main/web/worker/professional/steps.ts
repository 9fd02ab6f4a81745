/** What servers are told of a letter, one step after the other; each can be told again and changes nothing then. Room `pocket`, outbox. */
import { proven } from '../region';
import type { Desk } from './desk';
import type { Outbox } from './outbox';

type WireSlot = { keyId: string; encoded: string };
/** Signed statements and slots in base64. */
export type Step =
  | { tell: 'keep'; blob: string }
  | { tell: 'register'; letter: string; objects: string[]; owner: string }
  | { tell: 'file'; signed: string; slots: { reader: string; slot: WireSlot }[] }
  | { tell: 'grant'; signed: string; slot: WireSlot }
  | { tell: 'share'; letter: string; reader: string; grant: string; until: string }
  | { tell: 'logged'; kind: string; id: string };

/** @param key the same at every attempt: a share that is repeated late must not give again what was taken back */
export async function tell(desk: Desk, outbox: Outbox, errand: string, step: Step, key: string): Promise<void> {
  const { keys, store } = desk.region;
  switch (step.tell) {
    case 'keep': {
      const content = await outbox.blob(errand, step.blob);
      await store.bytes(`/v1/blobs/${step.blob}?size=${content.length}`, {
        method: 'PUT', body: content, type: 'application/octet-stream', as: desk.ring,
      });
      return;
    }
    case 'register':
      await store.post('/v1/envelopes', { letter: step.letter, objects: step.objects, owner: step.owner }, desk.ring, key);
      return;
    case 'file':
      await keys.post('/v1/letters', { signed: step.signed, slots: step.slots }, desk.ring, key);
      return;
    case 'grant':
      await keys.post('/v1/grants', { signed: step.signed, slot: step.slot }, desk.ring, key);
      return;
    case 'share':
      await store.post('/v1/shares', { letter: step.letter, reader: step.reader, grant: step.grant, until: step.until }, desk.ring, key);
      return;
    case 'logged':
      await proven(desk.region, step.kind, step.id);
      return;
  }
}
