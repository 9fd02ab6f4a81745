/** Who a certificate names. One subject for a member: any other spelling names nobody (room `trust`, Subjects). */
import { attributes, type Certificate } from './certificate';
import { hex } from './bytes';
import { oid, Tag } from './der';
import { check } from './refusal';

const OU = hex(oid('2.5.4.11'));
const O = hex(oid('2.5.4.10'));
const CODE = hex(oid('2.5.4.97'));
const SERIAL = hex(oid('2.5.4.5'));
const CN = hex(oid('2.5.4.3'));
const PERSON = /^P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;

export type Member =
  | { kind: 'patient'; id: string }
  | { kind: 'professional'; id: string; name: string; institution: string; code: string }
  | { kind: 'server'; role: string };

export function isPerson(id: string): boolean {
  return PERSON.test(id);
}

/** @throws Refusal `certificate-untrusted` */
export function member(of: Certificate): Member {
  const found = attributes(of.subject);
  const shape = found.map((a) => a.type).join();
  const values = found.map((a) => a.value);
  const strings = found.every((a) => a.tag === (a.type === SERIAL ? Tag.PRINTABLE : Tag.UTF8));
  check('certificate-untrusted', strings);
  if (values[0] === 'Person' && shape === [OU, SERIAL, CN].join() && values[1] === values[2] && isPerson(values[1]!)) {
    return { kind: 'patient', id: values[1]! };
  }
  if (values[0] === 'Professional' && shape === [OU, O, CODE, SERIAL, CN].join() && isPerson(values[3]!)) {
    return { kind: 'professional', id: values[3]!, name: values[4]!, institution: values[1]!, code: values[2]! };
  }
  check('certificate-untrusted', values[0] === 'Server' && shape === [OU, SERIAL, CN].join());
  return { kind: 'server', role: values[1]! };
}

/** The CA's name of a registrar, if this is one's subject. */
export function registrarCa(subject: Uint8Array): string | undefined {
  const found = attributes(subject);
  const registrar = found.map((a) => a.type).join() === [OU, O, CODE, CN].join() && found[0]!.value === 'Registrar';
  return registrar && /^[0-9]{10}-[0-9]{1,6}$/.test(found[3]!.value) ? found[3]!.value : undefined;
}
