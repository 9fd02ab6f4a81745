/** The words of the statute's rules (room `consent`, Rule), and of what a professional's pages refuse. */
import { Refusal } from '../../crypto/refusal';
import type { Rule } from '../../crypto/statute';

const RULES: Record<Rule, [string, string]> = {
  'letter-unknown': ['この文書は登録されていないか、あなたには開けません', 'No such letter, or not for you'],
  'letter-disputed': ['この文書には食い違う登録があり、開けません', 'Conflicting statements exist about this letter; nobody may open it'],
  'not-a-reader': ['あなたへの横認証がありません', 'No lateral grant opens this letter to you'],
  'grantor-not-entitled': ['横認証をした人に、この文書を開く権限がありません', 'Who gave the grant may not open this letter to others'],
  'relation-missing': ['必要な診療関係（認証）がありません', 'The care relation that this needs did not stand'],
  'relation-revoked': ['診療関係（認証）が取り消されました', 'The care relation behind the grant was ended'],
  'reader-barred': ['患者がこの閲覧者への開示を止めています', 'The patient has barred this reader'],
  'grant-revoked': ['横認証が取り消されました', 'The lateral grant was ended'],
  'grant-expired': ['横認証の期限が切れています。発行した医師に再発行を依頼してください', 'The lateral grant has expired; ask its author for a new one'],
  'grant-not-yet': ['横認証はまだ有効ではありません', 'The lateral grant is not valid yet'],
  'emergency-not-allowed': ['患者が緊急時の開示を許可していません', 'The patient does not allow emergency access'],
  'emergency-ended': ['緊急開示は取り消されました', 'The emergency opening was ended'],
  'emergency-over': ['緊急開示の時間が過ぎました。必要なら、患者のカードで改めて開示してください', 'The emergency opening is over; if it has to go on, open again with the patient\'s card'],
};

export function denied(rule: Rule): Refusal {
  const [ja, en] = RULES[rule];
  return new Refusal(rule, ja, en);
}

const OWN = {
  'plan-missing': ['送る内容が確認されていません。もう一度確認してください', 'What is to be sent was not shown yet; look at it again'],
  'days-odd': ['期間は1日から89日までです', 'A grant lasts 1 to 89 days'],
  'not-a-patient': ['診療関係を結べる相手のIDではありません', 'There can be no care relation with this ID'],
  'person-malformed': ['IDの形式が正しくありません（例 P-2345-6789-ABCD）', 'That is no ID (such as P-2345-6789-ABCD)'],
  'not-a-professional': ['この操作は、所属が確認された医療従事者だけが行えます', 'Only an attested professional may do this'],
  'reader-not-professional': ['横認証の相手は、所属が確認された医療従事者に限ります', 'A letter can only be opened to an attested professional'],
  'not-related': ['患者との診療関係が成立していません。「診療関係」の画面で申し出て、患者が承認してから送ってください', 'No care relation stands with this patient; propose one on the page of care relations and let the patient accept it first'],
  'relation-unknown': ['終了できる診療関係がありません', 'There is no care relation to end'],
  'statements-broken': ['確かめられない申告書があります。取り消しかもしれないので、有効とはみなしません。運用者に連絡してください', 'A statement does not hold; it may be a revocation, so nothing is taken for standing. Tell the operator'],
  'attachment-unknown': ['PDFでもDICOM画像でもないファイルは添付できません', 'Only PDF files and DICOM images can be attached'],
  'attachment-name': ['添付ファイルの名前が使えません（フォルダ名や制御文字を含まない200文字以内）', 'This attachment name cannot be used: at most 200 characters, without folders'],
  'attachment-size': ['この画面で送れる添付は1つ256 MBまで、合計512 MBまでです。大きいものは mizuhiki letter write で送ってください', 'This page sends attachments of up to 256 MB each and 512 MB together; send larger ones by mizuhiki letter write'],
  'attachment-twice': ['同じ名前の添付が2つあります', 'Two attachments have one name'],
  'attachments-many': ['添付は100個までです', 'A letter has at most 100 attachments'],
  'form-incomplete': ['書かれていない項目があります', 'Some fields are empty'],
  'outbox-away': ['この端末に送信待ちの文書を保存できません（空き容量、またはブラウザの設定）。何も送っていません', 'This device cannot keep the letter until it is sent (no space, or the browser\'s settings); nothing was sent'],
  'outbox-stuck': ['この端末に保存した送信待ちの文書を、今は読み書きできません（空き容量、またはブラウザの設定）。届いた分はそのままです。「続きを送る」でやり直せます', 'What waits on this device cannot be read or written now (no space, or the browser\'s settings); what the servers heard stays. "Continue" goes on'],
} as const;

export type OwnCode = keyof typeof OWN;

export function refuse(code: OwnCode): Refusal {
  return new Refusal(code, OWN[code][0], OWN[code][1]);
}

export function must(code: OwnCode, holds: boolean): asserts holds {
  if (!holds) {
    throw refuse(code);
  }
}
