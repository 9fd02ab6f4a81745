/** Beginnings of letters that are written often; every word can be changed. */
import type { Story } from '../../worker/professional/referral';

type Template = { name: [ja: string, en: string]; story: Partial<Omit<Story, 'problem'>> };
const NONE = '特記すべきものなし';

export const TEMPLATES: Template[] = [
  { name: ['精査のお願い', 'Examination'], story: { purpose: '精査をお願いいたします。', pastIllness: NONE, allergies: NONE, medication: 'なし' } },
  { name: ['画像診断のお願い', 'Reading of images'], story: { purpose: '添付画像の診断をお願いいたします。', pastIllness: NONE, allergies: NONE, medication: 'なし' } },
  { name: ['入院治療のお願い', 'Admission'], story: { purpose: '入院での治療をお願いいたします。', pastIllness: NONE, allergies: NONE, medication: 'なし' } },
  { name: ['治療継続のお願い', 'Further treatment'], story: { purpose: '当院での治療は落ち着いております。今後の経過観察をお願いいたします。', pastIllness: NONE, allergies: NONE } },
];
