/** What a professional's pages may ask of the worker. */
import { openAttachment } from '../../crypto/letter';
import { no } from '../../crypto/refusal';
import { document, type Document } from '../document';
import type { File } from '../letters';
import type { Inside } from '../session';
import { deskOf } from './desk';
import { inbox } from './inbox';
import { open, type Opened } from './opening';
import { must } from './denied';
import { Outbox } from './outbox';
import { search } from './people';
import { end, propose, relations } from './relations';
import { dropped, planned, prepared, pushed, type Outcome, type Plan, type Progress, type Ready, type Wanted } from './sending';

const MAX_ATTACHMENT = 512 << 20;

/** What a page shows of a letter: no key. */
export type Shown = Omit<Opened, 'content' | 'manifest'> & { document: Document; files: File[] };

/** What waits on this device: nothing that another could read. */
export type Waiting = { id: string; patient: string; reader: string; at: number; done: number; of: number };
/** @property unreadable IDs of what waits and cannot be sent from here any more */
export type AllWaiting = { waiting: Waiting[]; unreadable: string[] };

/** @param inside whoever is logged in; throws when nobody is */
export function professional(inside: () => Inside, report: (progress: Progress) => void) {
  const kept = new WeakMap<Inside, Opened>();
  const ready = new WeakMap<Inside, Ready>();
  const outbox = (me: Inside, code?: 'outbox-away') => Outbox.of(me.person, me.ring.local, code);
  return {
    inbox: async () => inbox(deskOf(inside())),
    colleagues: async (text: string) => search(deskOf(inside()), text),
    /** What sending would do; nothing is done. */
    plan: async (wanted: Wanted): Promise<Plan> => {
      const me = inside();
      const made = await planned(deskOf(me), wanted);
      ready.set(me, made.ready);
      return made.plan;
    },
    /** Does what was planned last, once. */
    send: async (): Promise<Outcome> => {
      const me = inside();
      const desk = deskOf(me);
      const plan = ready.get(me);
      must('plan-missing', plan !== undefined);
      ready.delete(me);
      try {
        const box = await outbox(me, 'outbox-away');
        const { errand, sealed } = await prepared(desk, box, plan, report);
        return { ...(await pushed(desk, box, errand.id, report)), sealed };
      } catch (e) {
        ready.set(me, plan); // nothing lies in the outbox, nothing was sent: it can be tried again
        throw e;
      }
    },
    waiting: async (): Promise<AllWaiting> => {
      const { errands, unreadable } = await (await outbox(inside())).waiting();
      return { unreadable, waiting: errands.map(({ id, patient, reader, at, done, steps }) => ({ id, patient, reader, at, done, of: steps.length })) };
    },
    /** Goes on with what waits. */
    push: async (id: string): Promise<Outcome> => {
      const me = inside();
      return pushed(deskOf(me), await outbox(me), id, report);
    },
    /** Ends the waiting for good. */
    giveUp: async (id: string): Promise<void> => dropped(await outbox(inside()), id),
    relations: async () => relations(deskOf(inside())),
    propose: async (patient: string, days: number) => propose(deskOf(inside()), patient, days),
    endRelation: async (patient: string) => end(deskOf(inside()), patient, 'treatment-ended'),
    openAsReader: async (letter: string, purpose: string): Promise<Shown> => {
      const me = inside();
      const opened = await open(deskOf(me), letter, purpose);
      kept.set(me, opened);
      const { content, manifest, ...shown } = opened;
      const files = manifest.items.map(({ name, mediaType, size }) => ({ name, mediaType, size }));
      return { ...shown, document: document(content), files };
    },
    /** An attachment of the letter that was opened last. */
    fileAsReader: async (letter: string, name: string) => {
      const me = inside();
      const opened = kept.get(me);
      const item = opened?.letter === letter ? opened.manifest.items.find((i) => i.name === name) : undefined;
      if (!opened || !item) {
        throw no('letter-unknown');
      }
      const closed = await me.region.store.bytes(`/v1/blobs/${item.closed}`, { as: me.ring, most: MAX_ATTACHMENT });
      return { mediaType: item.mediaType, content: await openAttachment(closed, item, opened.manifest) };
    },
  };
}
