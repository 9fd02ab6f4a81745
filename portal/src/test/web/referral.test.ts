import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { issuedAt, missing, nameOf, referralDocument, type Referral } from '../../main/web/worker/professional/referral';

type Written = { referral: Record<string, any>; document: string };
const { written }: { written: Written[] } = JSON.parse(readFileSync(new URL('../referral.json', import.meta.url), 'utf8'));
const TYPES: Record<string, string> = { PDF: 'application/pdf', DICOM: 'application/dicom' };

/** A referral as the Java side writes its record down. */
function referral({ patient, from, to, story, attachments }: Record<string, any>, issued: string): Referral {
  return {
    patient: { ...patient, sex: patient.sex.toLowerCase() }, from, to, issued, story,
    attachments: attachments.map((a: Record<string, any>) => ({ ...a, mediaType: TYPES[a.mediaType as string] })),
  } as unknown as Referral;
}

/** The same identifiers as the document has, in its order. */
function identifiers(document: any) {
  const urls = document.entry.map((e: { fullUrl: string }) => e.fullUrl.replace('urn:uuid:', ''));
  return { number: document.id.split('-').at(-1) as string, uuid: () => urls.shift() as string };
}

describe('a referral', () => {
  test('is the same document as the one that Java writes', () => {
    for (const one of written) {
      const document = JSON.parse(one.document);
      const made = referralDocument(referral(one.referral, document.timestamp), identifiers(document));
      expect(made).toEqual(document);
    }
    expect(written.length).toBeGreaterThan(4);
  });

  test('has no empty values where something is not known', () => {
    const one = referral(written[0]!.referral, '2026-11-23T09:05:00+09:00');
    const bare: Referral = {
      ...one, to: { ...one.to, postalCode: '', address: '', phone: '', doctor: nameOf('雪代　環') },
      patient: { ...one.patient, insurance: '', postalCode: '', address: '' }, story: { ...one.story, onset: '', problem: { code: '', display: '胸痛' } },
    };
    const text = JSON.stringify(referralDocument(bare, { number: '00000001', uuid: () => crypto.randomUUID() }));
    expect(text).not.toMatch(/""|\[\]|\{\}|null/);
    expect(text).toContain('"text":"雪代 環"');
  });

  test('says which of its parts are missing', () => {
    const one = referral(written[0]!.referral, '2026-11-23T09:05:00+09:00');
    expect(missing(one)).toEqual([]);
    expect(missing({ ...one, story: { ...one.story, purpose: ' ', presentIllness: '' } })).toEqual(['purpose', 'presentIllness']);
  });

  test('is dated in the device\'s own time, with its offset', () => {
    const at = issuedAt(new Date('2026-11-23T00:05:09.400Z'));
    expect(at).toMatch(/^2026-11-2[23]T\d\d:\d\d:09[+-]\d\d:\d\d$/);
    expect(Date.parse(at)).toBe(Date.parse('2026-11-23T00:05:09Z'));
  });
});
