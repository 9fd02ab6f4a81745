/**
 * Sending a referral: sign, stamp, seal and grant in one action, after what will happen was shown. Steps of
 * docs/flows/letter.md, "It is sent" and "Doctor B may read it".
 */
import { base64, hex, random, utf8, type Bytes } from '../../crypto/bytes';
import { closeAttachment, closeLetter, manifest, type Slot } from '../../crypto/close';
import type { Proven } from '../../crypto/directory';
import type { Attachment } from '../../crypto/letter';
import { no, Refusal } from '../../crypto/refusal';
import { stamping } from '../servers';
import { chosen, type Chosen } from './attachments';
import { must } from './denied';
import { second, statement, type Desk, type Professional } from './desk';
import { Outbox, type Errand } from './outbox';
import { find } from './people';
import { issuedAt, missing, nameOf, referralDocument, type Referral, type Side, type Story, type Patient } from './referral';
import { stands } from './relations';
import { tell, type Step } from './steps';

/** What a doctor filled in. @property days how long the reader may open it */
export type Wanted = {
  patient: string; reader: string; days: number; about: Patient; from: Pick<Side, 'postalCode' | 'address' | 'phone'>; story: Story; files: File[];
};
/** What will happen, to be shown before it does. @property entry of the reader's key in the ledger */
export type Plan = {
  reader: Professional; entry: number; patient: string; patientEntry: number; until: number;
  files: { name: string; mediaType: string; size: number }[]; bytes: number;
};
export type Progress = { doing: 'closing' | 'signing' | 'sending'; done: number; of: number };
/** @property whole whether all servers have it @property elsewhere it waits here no more: another tab sent it, or gave it up */
export type Outcome = {
  errand: string; letter: string; whole: boolean; elsewhere?: boolean; why?: { code: string; ja: string; en: string };
  sealed?: Sealing;
};
/** How much was sealed, and how long it took: milliseconds. */
export type Sealing = { bytes: number; ms: number };

export type Ready = { wanted: Wanted; reader: Proven & { who: Professional }; owner: Proven; files: Chosen[]; until: number };

export async function planned(desk: Desk, wanted: Wanted): Promise<{ plan: Plan; ready: Ready }> {
  // 1. the reader's and the patient's keys, as the directory lists them and the ledger proves them
  const found = await find(desk, wanted.reader);
  const { who } = found;
  must('reader-not-professional', who.kind === 'professional' && who.id !== desk.me.id);
  const owner = await find(desk, wanted.patient);
  // 2. a care relation stands: the key server will ask too
  must('not-related', await stands(desk, wanted.patient));
  // 3. the letter is whole, its attachments are what they say
  const files = await chosen(wanted.files);
  must('form-incomplete', missing(referral(desk, wanted, who, [])).length === 0);
  must('days-odd', Number.isInteger(wanted.days) && wanted.days >= 1 && wanted.days <= 89);
  const until = Math.floor(Date.now() / 1000) * 1000 + wanted.days * 86_400_000;
  const plan = {
    reader: who, entry: found.index, patient: wanted.patient, patientEntry: owner.index, until,
    files: files.map(({ name, mediaType, size }) => ({ name, mediaType, size })), bytes: files.reduce((sum, f) => sum + f.size, 0),
  };
  return { plan, ready: { wanted, reader: { ...found, who }, owner, files, until } };
}

function referral(desk: Desk, { about, from, story }: Wanted, to: Professional, attachments: Referral['attachments']): Referral {
  const side = ({ institution, code, name }: Professional) => ({ institution, code, doctor: nameOf(name) });
  return {
    patient: about, from: { ...side(desk.me), ...from }, to: { ...side(to), postalCode: '', address: '', phone: '' },
    issued: issuedAt(new Date()), story, attachments,
  };
}

/** @return the errand, on this device before any server hears of it */
export async function prepared(
  desk: Desk, outbox: Outbox, ready: Ready, report: (progress: Progress) => void,
): Promise<{ errand: Errand; sealed: Sealing }> {
  const { wanted, reader, owner, files, until } = ready;
  const id = hex(random(16));
  // 1. each attachment closed under its own key
  const blobs = new Map<string, Bytes>();
  const items: Attachment[] = [];
  const of = files.reduce((sum, f) => sum + f.size, 0);
  let done = 0;
  const begun = performance.now();
  for (const { name, mediaType, size, file } of files) {
    const plain = new Uint8Array(await file.arrayBuffer());
    const before = done;
    const { item, closed } = await closeAttachment(name, mediaType, plain, id, (bytes) => report({ doing: 'closing', done: before + bytes, of }));
    done += size;
    items.push(item);
    blobs.set(item.closed, closed);
  }
  const took = performance.now() - begun;
  // 2. document and manifest signed, stamped, closed for patient, author and reader
  report({ doing: 'signing', done: 0, of: 1 });
  const attached = items.map(({ name, mediaType, size, plain }) => ({ name, mediaType, size, sha256: plain }));
  const number = String(new DataView(random(4).buffer).getUint32(0) % 100_000_000).padStart(8, '0');
  const written = referralDocument(referral(desk, wanted, reader.who, attached), { number, uuid: () => crypto.randomUUID() });
  const listed = manifest({ owner: wanted.patient, context: id, items });
  const sealed = await closeLetter(
    utf8(JSON.stringify(written)), listed, desk.ring.chain, desk.ring.signing, stamping(desk.region.authority),
    [owner.key, desk.ring.opener.publicKey, reader.key],
  );
  const [forOwner, forMe, forReader] = sealed.slots as [Slot, Slot, Slot];
  blobs.set(sealed.letter, sealed.body);
  // 3. the author's two statements: the letter exists, and this reader may open it; each checked as others will
  const objects = items.map((i) => i.closed);
  const exists = await desk.statements.signed(
    statement('letter-sealed', desk.me.id, { owner: wanted.patient, letter: sealed.letter, objects: objects.join() }));
  const grant = await desk.statements.signed(statement('lateral-grant', desk.me.id, {
    reader: reader.who.id, owner: wanted.patient, letter: sealed.letter, slot: await digestOf(forReader), purpose: 'referral', until: second(until),
  }));
  // 4. all of it lies in the outbox before any server hears of it
  const steps: Step[] = [
    ...[...objects, sealed.letter].map((blob): Step => ({ tell: 'keep', blob })),
    { tell: 'register', letter: sealed.letter, objects, owner: wanted.patient },
    { tell: 'file', signed: exists.signed, slots: [{ reader: wanted.patient, slot: wire(forOwner) }, { reader: desk.me.id, slot: wire(forMe) }] },
    { tell: 'logged', kind: 'letter-sealed', id: exists.id },
    { tell: 'grant', signed: grant.signed, slot: wire(forReader) },
    { tell: 'share', letter: sealed.letter, reader: reader.who.id, grant: grant.id, until: second(until) },
    { tell: 'logged', kind: 'lateral-grant', id: grant.id },
  ];
  const errand = { id, patient: wanted.patient, reader: reader.who.id, letter: sealed.letter, at: Date.now(), steps, done: 0 };
  await outbox.keep(errand, blobs);
  return { errand, sealed: { bytes: of, ms: Math.round(took) } };
}

async function digestOf(slot: Slot): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', slot.encoded)));
}

const wire = (slot: Slot) => ({ keyId: slot.keyId, encoded: base64(slot.encoded) });

/**
 * Tells servers what they have not heard yet. One tab at a time: the other finds it done. Never throws: the letter is signed and
 * lies in the outbox, and who is told "it failed" writes a second one. Whether a refusal passes is the person's to see.
 */
export async function pushed(desk: Desk, outbox: Outbox, id: string, report: (progress: Progress) => void): Promise<Outcome> {
  let letter = '';
  try {
    return await alone(id, async () => {
      const errand = await outbox.find(id);
      if (!errand) {
        return { errand: id, letter, whole: true, elsewhere: true };
      }
      letter = errand.letter;
      for (; errand.done < errand.steps.length; errand.done++) {
        report({ doing: 'sending', done: errand.done, of: errand.steps.length });
        await tell(desk, outbox, id, errand.steps[errand.done]!, `${id}-${errand.done}`);
        await outbox.progress({ ...errand, done: errand.done + 1 });
      }
      await outbox.forget(id);
      return { errand: id, letter, whole: true };
    });
  } catch (e) {
    return { errand: id, letter, whole: false, why: (e instanceof Refusal ? e : no('page-defect')).plain() };
  }
}

/** Gives up; what servers heard already stays. */
export async function dropped(outbox: Outbox, id: string): Promise<void> {
  await alone(id, () => outbox.forget(id));
}

function alone<T>(id: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`mizuhiki-outbox-${id}`, work);
}
