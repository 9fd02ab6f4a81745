/** A "no" as every part of the house says it: a stable code, Japanese first, English beside it. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly ja: string,
    readonly en: string,
  ) {
    super(code);
  }

  /** What crosses from the worker to the page: never a stack, never content. */
  plain(): PlainRefusal {
    return { code: this.code, ja: this.ja, en: this.en };
  }
}

export type PlainRefusal = { code: string; ja: string; en: string };

const WORDS: Record<string, [string, string]> = {
  'account-damaged': ['アカウントのデータが壊れているか、書き換えられています', 'The account\'s data is damaged or was altered'],
  'account-rolled-back': ['サーバーが古いアカウントのデータを返しました', 'A server answered with an older state of the account'],
  'account-rekeyed': ['別の端末で鍵が更新されている途中です。その端末か mizuhiki account login で完了してください', 'Another device is changing the account\'s keys; finish it there, or by mizuhiki account login'],
  'account-missing': ['このIDのアカウントはまだ作られていません', 'There is no account for this ID yet'],
  'keyring-damaged': ['鍵束が壊れています', 'The keyring is damaged'],
  'login-failed': ['IDまたはパスワードが違います', 'The ID or the password is wrong'],
  'card-needed': ['署名の鍵がカードの中にあるため、この画面では使えません', 'The signing key is on a card, which this page cannot use'],
  'way-unknown': ['その開け方はすでにありません', 'There is no such way in any more'],
  'way-last': ['最後の開け方とパスワードは取り消せません。パスワードは変更してください', 'The last way in cannot be removed; a password is changed, not removed'],
  'passkey-unfit': ['このパスキーは使えません', 'This passkey does not fit'],
  'password-short': ['パスワードが短すぎます（英数字なら10文字以上）', 'The password is too short; use at least ten characters'],
  'recovery-code-mistyped': ['復旧コードに入力の誤りがあります。28文字（4文字ずつ7組）を確かめて、もう一度入力してください', 'The recovery code is mistyped; compare its 28 characters, seven groups of four, with the sheet'],
  'recovery-code-differs': ['番号が一致しません。本人に電話などで確かめてください。認めていません', 'The code is not this recovery\'s; ask the person by telephone. Nothing was approved'],
  'recovery-unknown': ['この復旧の頼みはすでにありません', 'There is no such recovery any more'],
  'guardians-three': ['助けてくれる人は、本人以外の3名を指定してください', 'Name three guardians, other than yourself'],
  'grant-unknown': ['その許可はありません', 'There is no such grant'],
  'veto-oneself': ['自分自身を止めることはできません', 'Nobody bars themselves'],
  'proposal-unknown': ['この医療従事者からの申し出は、すでにありません', 'There is no such proposal any more'],
  'statements-broken': ['確かめられない記録があり、取り消しかもしれないため、先へ進めません。運用者に知らせてください', 'A record does not hold and may be a withdrawal, so nothing was done; tell the operator'],
  'account-exists': ['このIDのアカウントはすでにあります', 'There is an account for this ID already'],
  'link-malformed': ['登録用のQRコード（リンク）が正しくありません。窓口でもう一度読み取ってください', 'The enrolment link is malformed; read the QR code at the desk again'],
  'region-differs': ['このQRコードは、この地域のものではありません', 'This QR code is for another region'],
  'ticket-expired': ['QRコードの有効期限が切れています。窓口で新しいQRコードを出してもらってください', 'The QR code has expired; ask the desk for a new one'],
  'signature-broken': ['署名が正しくありません', 'The signature is wrong'],
  'stamp-broken': ['タイムスタンプが正しくありません', 'The time stamp is wrong'],
  'stamp-untrusted': ['タイムスタンプの発行者を信頼できません', 'The time stamp\'s issuer is not trusted'],
  'record-malformed': ['記録の形式が正しくありません', 'The record is malformed'],
  'statement-malformed': ['申告書の形式が正しくありません', 'The statement is malformed'],
  'statement-signer': ['申告書に書かれた本人の署名ではありません', 'The statement was signed by somebody else than it says'],
  'statement-not-professional': ['医療従事者の署名ではありません', 'It is not signed by a professional'],
  'statement-time': ['申告書の時刻がタイムスタンプと5分以上ずれています', 'The statement\'s time is more than five minutes from its stamp'],
  'statement-too-long': ['申告書の有効期間が長すぎます', 'The statement would last too long'],
  'statements-too-many': ['申告書が多すぎて、すべてを確かめられません', 'There are too many statements to check them all'],
  'certificate-untrusted': ['証明書がこの地域の認定局につながりません', 'The certificate does not lead to a root of this region'],
  'certificate-expired': ['証明書がその時点で有効期間外です', 'The certificate was outside its validity then'],
  'certificate-revoked': ['証明書は失効しています', 'The certificate was revoked'],
  'certificate-wrong-purpose': ['証明書がこの用途のものではありません', 'The certificate is not for this purpose'],
  'certificate-not-mine': ['鍵束の証明書が本人のものではありません', 'The keyring\'s certificate is not this person\'s'],
  'revocation-list-broken': ['失効リストが正しくありません', 'A revocation list is wrong'],
  'revocation-unknown': ['失効の情報が古いか、取得できません', 'Revocation information is missing or too old'],
  'ca-list-forged': ['認証局の一覧の2つの署名がそろっていません', 'The list of CAs lacks one of its two signatures'],
  'checkpoint-forged': ['台帳のチェックポイントが偽造または破損しています', 'The ledger\'s checkpoint is forged or damaged'],
  'witness-missing': ['チェックポイントに立会人の署名が足りません', 'The checkpoint lacks a witness\'s signature'],
  'evidence-broken': ['台帳にあるという証明が成り立ちません', 'The proof of inclusion in the ledger does not hold'],
  'seal-broken': ['封緘が壊れています', 'The seal is broken'],
  'reader-key': ['相手の鍵が正しくありません', 'The reader\'s key is none'],
  'letter-too-large': ['紹介状の本文が20 MBを超えています', 'The letter\'s text is over 20 MB'],
  'listing-forged': ['鍵台帳の回答が本人の鍵と一致しません。すり替えの可能性があるため使用を中止しました。運営者に連絡してください', 'The directory\'s answer does not match the person\'s own key; it may have been substituted and is not used. Tell the operator'],
  'seal-not-for-you': ['あなたの鍵で開けられる文書ではありません', 'It is not sealed for your key'],
  'store-swapped': ['データサーバが別のデータを返しました。開封を中止します', 'The store answered with something else; nothing is opened'],
  'slot-swapped': ['鍵サーバが別の鍵を返しました。開封を中止します', 'The key server answered with another slot; nothing is opened'],
  'letter-unknown': ['その文書はないか、あなたには開けません', 'No such letter, or not for you'],
  'letter-disputed': ['この文書には食い違う登録があります', 'There are conflicting statements about this letter'],
  'letter-mismatch': ['文書の中身が、届け出られた内容と違います', 'The letter differs from its statement'],
  'author-mismatch': ['文書の署名者が、届け出られた作成者と違います', 'The letter is signed by somebody else than its statement says'],
  'letter-not-mine': ['この画面で開けるのは、ご本人の文書だけです', 'This page opens the person\'s own letters only'],
  'manifest-malformed': ['文書の目録の形式が正しくありません', 'The letter\'s manifest is malformed'],
  'answer-malformed': ['サーバーの応答の形式が正しくありません', 'A server\'s answer is malformed'],
  'server-unreachable': ['サーバーに接続できません。しばらくしてからやり直してください', 'A server cannot be reached; try again shortly'],
  'not-logged-in': ['ログインしていません', 'You are not logged in'],
  'key-server-odd': ['鍵サーバの応答の順序が正しくありません', 'The key server\'s pages are out of order'],
  'device-clock': ['この端末の時計がずれています。合わせてからやり直してください', 'This device\'s clock is off; set it and try again'],
  'page-defect': ['画面の不具合です。運用者に連絡してください', 'A defect of this page; tell the operator'],
};

/** @param code one of this page's own */
export function no(code: string): Refusal {
  const words = Object.hasOwn(WORDS, code) ? WORDS[code]! : WORDS['page-defect']!;
  return new Refusal(code, words[0], words[1]);
}

/** Runs `work`; whatever breaks in it that is no refusal itself is `code`. */
export async function unless<T>(code: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (e) {
    throw e instanceof Refusal ? e : no(code);
  }
}

export function check(code: string, holds: boolean): asserts holds {
  if (!holds) {
    throw no(code);
  }
}
