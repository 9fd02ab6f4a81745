/** The form of a letter as it is filled in. */
import type { Patient, Side, Story } from '../../worker/professional/referral';
import type { Wanted } from '../../worker/professional/sending';

export type Form = { patient: string; about: Patient; from: Pick<Side, 'postalCode' | 'address' | 'phone'>; story: Story; days: string };

export function blank(): Form {
  return {
    patient: '',
    about: {
      name: { family: '', given: '', familyKana: '', givenKana: '' }, birthDate: '', sex: 'unknown', number: '', insurance: '',
      postalCode: '', address: '',
    },
    from: { postalCode: '', address: '', phone: '' },
    story: { purpose: '', problem: { code: '', display: '' }, onset: '', presentIllness: '', pastIllness: '', allergies: '', medication: '' },
    days: '60',
  };
}

export function wanted({ patient, about, from, story, days }: Form, reader: string, files: File[]): Wanted {
  return { patient: patient.trim().toUpperCase(), reader, about, from, story, days: Number(days), files };
}
