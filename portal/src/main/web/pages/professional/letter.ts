/** The form of a letter as it is filled in. */
import type { Patient, Side, Story } from '../../worker/professional/referral';
import type { Wanted } from '../../worker/professional/sending';
import { tell, type Word } from './words';

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

/** All that the document will say of what was filled in, names and reader aside: nothing is signed that was not shown. */
export function signed({ about, from, story }: Form): [label: Word, value: string][] {
  return [
    ['birthDate', about.birthDate], ['sex', tell(about.sex)], ['number', about.number], ['insurance', about.insurance],
    ['patientPostal', about.postalCode], ['patientAddress', about.address],
    ['postalCode', from.postalCode], ['address', from.address], ['phone', from.phone],
    ['purposeText', story.purpose], ['problem', story.problem.display], ['problemCode', story.problem.code], ['onset', story.onset],
    ['presentIllness', story.presentIllness], ['pastIllness', story.pastIllness], ['allergies', story.allergies], ['medication', story.medication],
  ];
}
