/**
 * A referral letter in the national form (JP_Bundle_eReferral, JP-CLINS 1.5.2): the same document as the room `records`
 * writes (ReferralWriter), to which it is held by `referral.json`, which that room makes and reads.
 */
import { base64, unhex } from '../../crypto/bytes';

/** In writing and in katakana; what is not known is empty. */
export type Name = { family: string; given: string; familyKana: string; givenKana: string };
export type Sex = 'male' | 'female' | 'other' | 'unknown';
/** @property number the patient's at the referring institution @property insurance insurer:symbol:number:branch */
export type Patient = { name: Name; birthDate: string; sex: Sex; number: string; insurance: string; postalCode: string; address: string };
/** @property code ten digits: prefecture, kind of insurance points, number */
export type Side = { institution: string; code: string; postalCode: string; address: string; phone: string; doctor: Name };
/** @property problem coded as MEDIS management number, where there is a code */
export type Story = {
  purpose: string; problem: { code: string; display: string }; onset: string;
  presentIllness: string; pastIllness: string; allergies: string; medication: string;
};
export type Attached = { name: string; mediaType: string; size: number; sha256: string };
/** @property issued ISO 8601 with seconds and offset */
export type Referral = { patient: Patient; from: Side; to: Side; issued: string; story: Story; attachments: Attached[] };

/** Identifiers of the document's parts. @property number eight digits */
export type Identifiers = { number: string; uuid: () => string };

type Json = string | number | boolean | Json[] | { [name: string]: Json | undefined } | undefined;
type Part = { [name: string]: Json };
type Reference = { reference: string; type: string };

const INSTANCE = 'http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier';
const HL7 = 'http://terminology.hl7.org/CodeSystem/';
const CORE = 'http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Organization_';
const SECTIONS = 'http://jpfhir.jp/fhir/clins/CodeSystem/document-section';
const MHLW = 'http://jpfhir.jp/fhir/core/mhlw/';

export function referralDocument(referral: Referral, ids: Identifiers): Part {
  return new Writer(referral, ids).document();
}

class Writer {
  private readonly entries: Part[] = [];
  private readonly number: string;
  private instances = 0;

  constructor(private readonly said: Referral, private readonly ids: Identifiers) {
    this.number = `${said.from.code}-${said.issued.slice(0, 4)}-${ids.number}`;
  }

  document(): Part {
    const { from, to, issued } = this.said;
    const composition = this.head();
    this.add(composition);
    const patient = this.add(this.patient());
    const encounter = this.add(this.encounter('visit'));
    const fromDoctor = this.add(this.practitioner('doctor-from', from.doctor));
    const toDoctor = this.add(this.practitioner('doctor-to', to.doctor));
    const fromPlace = this.add(this.organization('institution-from', from));
    const toPlace = this.add(this.organization('institution-to', to));
    composition.subject = patient;
    composition.encounter = encounter;
    composition.author = [fromDoctor, fromPlace];
    composition.custodian = fromPlace;
    composition.section = [
      section('920', '紹介元情報', from.institution, fromPlace, fromDoctor),
      section('910', '紹介先情報', to.institution, toPlace, toDoctor),
      this.clinical(patient), ...this.attached(patient),
    ];
    const year = issued.slice(0, 4);
    return whole({
      resourceType: 'Bundle', id: `letter-${this.number}`,
      meta: { lastUpdated: issued, profile: ['http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_eReferral'] },
      language: 'ja',
      identifier: { system: 'http://jpfhir.jp/fhir/clins/bundle-identifier', value: `${from.code}^${year}^${this.number}` },
      type: 'document', timestamp: issued, entry: this.entries,
    });
  }

  private head(): Part {
    const { issued } = this.said;
    return {
      resourceType: 'Composition', id: 'composition',
      meta: { lastUpdated: issued, profile: ['http://jpfhir.jp/fhir/eReferral/StructureDefinition/JP_Composition_eReferral'] },
      language: 'ja',
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber', valueString: '1.0' }],
      identifier: { system: INSTANCE, value: this.number }, status: 'final',
      type: coded('http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes', '57133-1', '診療情報提供書'),
      category: [coded('http://jpfhir.jp/fhir/Common/CodeSystem/doc-subtypecodes', 'OUTPATIENT', '外来文書')],
      date: issued, title: '診療情報提供書', event: [{ code: [{ text: '診療情報提供書発行' }], period: { start: issued.slice(0, 10) } }],
    };
  }

  private patient(): Part {
    const { name, birthDate, sex, number, insurance, postalCode, address } = this.said.patient;
    return this.profiled('Patient', 'patient', {
      identifier: [
        { system: `urn:oid:1.2.392.100495.20.3.51.1${this.said.from.code}`, value: number },
        ...(insurance === '' ? [] : [{ system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID', value: insurance }]),
      ],
      active: true, name: names(name), gender: sex, birthDate, address: [{ text: address, postalCode }],
    });
  }

  private encounter(id: string): Part {
    return this.profiled('Encounter', id, {
      identifier: [this.instance()], status: 'finished', class: { system: `${HL7}v3-ActCode`, code: 'AMB', display: '外来' },
    });
  }

  private practitioner(id: string, name: Name): Part {
    return this.profiled('Practitioner', id, { name: names(name) });
  }

  private organization(id: string, side: Side): Part {
    const { code } = side;
    return this.profiled('Organization', id, {
      extension: [
        { url: `${CORE}PrefectureNo`, valueCoding: { system: `${MHLW}CodeSystem/PrefectureNo-2digits`, code: code.slice(0, 2) } },
        { url: `${CORE}InsuranceOrganizationCategory`, valueCoding: { system: `${MHLW}CodeSystem/MedicationFeeScoreType`, code: code.slice(2, 3) } },
        { url: `${CORE}InsuranceOrganizationNo`, valueIdentifier: { system: `${MHLW}IdSystem/MedicalOrganizationID`, value: code.slice(3) } },
      ],
      identifier: [{ system: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no', value: code }],
      type: [{ coding: [{ system: `${HL7}organization-type`, code: 'prov' }] }], name: side.institution,
      telecom: side.phone === '' ? [] : [{ system: 'phone', value: side.phone }],
      address: [{ text: side.address, postalCode: side.postalCode, country: 'JP' }],
    });
  }

  private clinical(patient: Reference): Part {
    const { story } = this.said;
    const purpose = this.add({ ...this.encounter('purpose'), reasonCode: [{ text: story.purpose }] });
    const problem = this.add(this.problem(patient));
    return {
      title: '構造情報', code: sectionCode('300', '構造情報'), section: [
        section('950', '紹介目的', story.purpose, purpose),
        section('340', '傷病名・主訴', story.problem.display, problem),
        section('360', '現病歴', story.presentIllness),
        section('370', '既往歴', story.pastIllness),
        section('510', 'アレルギー・不耐性反応', story.allergies),
        section('430', '投薬指示', story.medication),
      ],
    };
  }

  private problem(patient: Reference): Part {
    const { problem, onset } = this.said.story;
    const plain = (system: string, code: string) => ({ coding: [{ system: HL7 + system, code }] });
    const code = problem.code === '' ? {} : coded('http://medis.or.jp/CodeSystem/master-disease-keyNumber', problem.code, problem.display);
    return this.profiled('Condition', 'problem', {
      identifier: [this.instance()], clinicalStatus: plain('condition-clinical', 'active'),
      verificationStatus: plain('condition-ver-status', 'confirmed'), category: [plain('condition-category', 'problem-list-item')],
      code: { ...code, text: problem.display }, subject: patient, onsetDateTime: onset,
    });
  }

  /** An attachment travels beside the letter; the document names its content by hash (RFC 6920). */
  private attached(patient: Reference): Part[] {
    const { attachments } = this.said;
    const found = attachments.map(({ name, mediaType, size, sha256 }, n) => {
      const url = `ni:///sha-256;${base64(unhex(sha256)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
      const attachment = { contentType: mediaType, url, size: size <= 0x7fffffff ? size : undefined, title: name };
      return this.add(this.profiled('DocumentReference', `attachment-${n + 1}`, {
        status: 'current', subject: patient, description: name, content: [{ attachment }],
      }));
    });
    return found.length === 0 ? [] : [section('210', '添付情報', `添付 ${found.length} 件`, ...found)];
  }

  private profiled(resourceType: string, id: string, own: Part): Part {
    const profile = [`http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_${resourceType}_eCS`];
    return { resourceType, id, meta: { lastUpdated: this.said.issued, profile }, language: 'ja', ...own };
  }

  private add(resource: Part): Reference {
    const fullUrl = `urn:uuid:${this.ids.uuid()}`;
    this.entries.push({ fullUrl, resource });
    return { reference: fullUrl, type: String(resource.resourceType) };
  }

  private instance(): Part {
    this.instances++;
    return { system: INSTANCE, value: `${this.number}-${this.instances}` };
  }
}

function coded(system: string, code: string, display: string): Part {
  return { coding: [{ system, code, display }] };
}

function sectionCode(code: string, title: string): Part {
  return coded(SECTIONS, code, `${title}セクション`);
}

function section(code: string, title: string, words: string, ...entry: Reference[]): Part {
  return { title, code: sectionCode(code, title), text: { status: 'additional', div: narrative(words) }, entry };
}

/** Words become text, so nothing in them can become mark-up. */
function narrative(words: string): string {
  const lines = words.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return `<div xmlns="http://www.w3.org/1999/xhtml">${lines.map((line) => `<p>${escaped(line)}</p>`).join('')}</div>`;
}

const MARKS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"]/g, (mark) => MARKS[mark]!);
}

function names(name: Name): Part[] {
  const one = (family: string, given: string, code: string) => ({
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: code }],
    text: [family, given].filter((part) => part !== '').join(' '), family, given: [given],
  });
  const kana = name.familyKana === '' && name.givenKana === '' ? [] : [one(name.familyKana, name.givenKana, 'SYL')];
  return [one(name.family, name.given, 'IDE'), ...kana];
}

/** FHIR knows no empty values: they are left out, and what then has none (FHIR R4, 2.6.2). */
function whole(value: Part): Part {
  return pruned(value) as Part;
}

function pruned(value: Json): Json {
  if (Array.isArray(value)) {
    const kept = value.map(pruned).filter((one) => one !== undefined);
    return kept.length > 0 ? kept : undefined;
  }
  if (typeof value === 'object') {
    const kept = Object.entries(value).map(([name, one]) => [name, pruned(one)] as const).filter(([, one]) => one !== undefined);
    return kept.length > 0 ? Object.fromEntries(kept) : undefined;
  }
  return value === '' ? undefined : value;
}

/** A name as a certificate writes it, family first. */
export function nameOf(written: string): Name {
  const [family = '', ...given] = written.trim().split(/[\s　]+/);
  return { family, given: given.join(' '), familyKana: '', givenKana: '' };
}

/** Now, as the form writes times: the device's own offset. */
export function issuedAt(now: Date): string {
  const offset = -now.getTimezoneOffset();
  const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0');
  const local = new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}

/** The form's parts that cannot be left out. */
export function missing(referral: Referral): string[] {
  const { patient, story } = referral;
  const needed: [string, string][] = [
    ['family', patient.name.family], ['birthDate', patient.birthDate], ['number', patient.number], ['purpose', story.purpose],
    ['problem', story.problem.display], ['presentIllness', story.presentIllness],
  ];
  return needed.filter(([, value]) => value.trim() === '').map(([name]) => name);
}
