/** Every text of the pages, Japanese first. Plain words: an eighty-year-old reads them. */
import { ACCOUNT } from './words-account';
import { READERS } from './words-readers';

export type Language = 'ja' | 'en';

const WORDS = {
  ...ACCOUNT,
  ...READERS,
  name: ['水引', 'Mizuhiki'],
  skip: ['本文へ移動', 'Skip to the content'],
  other: ['English', '日本語'],
  larger: ['文字を大きくする', 'Larger text'],
  smaller: ['文字を元の大きさに戻す', 'Normal text'],
  print: ['印刷する', 'Print'],
  logIn: ['ログイン', 'Log in'],
  logOut: ['ログアウト', 'Log out'],
  loggingIn: ['確かめています。少しお待ちください（数秒かかります）', 'Checking; this takes some seconds'],
  loggedOut: ['ログアウトしました。鍵はこの端末から消えました。', 'You are logged out. Your keys are gone from this device.'],
  id: ['ID', 'ID'],
  idHelp: ['P- から始まる番号です。例 P-2345-6789-ABCD', 'The number that begins with P-, such as P-2345-6789-ABCD'],
  password: ['パスワード', 'Password'],
  passwordHelp: ['パスワードはこの端末の中だけで使い、サーバーには送りません。', 'The password is used on this device only; it is sent to no server.'],
  pocket: ['あなたの文書', 'Your letters'],
  pocketLead: ['あなたについて書かれ、封をされた文書です。', 'What was written about you, sealed.'],
  noLetters: ['文書はまだありません。', 'There are no letters yet.'],
  open: ['開く', 'Open'],
  openWarns: ['開くと「誰がいつ開いたか」に、あなたが開いたことも残ります。', 'Opening is recorded: your own opening appears under "who opened it", too.'],
  opening: ['封を開けています', 'Opening the seal'],
  loading: ['読み込んでいます', 'Loading'],
  from: ['差出人', 'From'],
  written: ['封をした日時', 'Sealed'],
  openedTimes: ['開かれた回数', 'Times opened'],
  patient: ['患者', 'Patient'],
  date: ['作成日', 'Date'],
  files: ['添付', 'Attachments'],
  save: ['保存する', 'Save'],
  view: ['表示する', 'View'],
  saved: ['保存しました', 'Saved'],
  signatureHolds: ['署名・時刻・台帳の記録を、この端末で確かめました。', 'Signature, time and ledger entry were checked on this device.'],
  inbox: ['届いた紹介状', 'Referrals to you'],
  write: ['紹介状を書く', 'Write a referral'],
  sent: ['送った紹介状', 'Referrals you sent'],
  relations: ['診療関係', 'Care relations'],
  trail: ['誰がいつ開いたか', 'Who opened it, when'],
  trailAll: ['すべての文書について、誰がいつ開いたか', 'Who opened any of your letters, when'],
  noOpenings: ['まだ誰も開いていません。', 'Nobody has opened it yet.'],
  yourself: ['あなた', 'You'],
  who: ['開いた人', 'Who'],
  when: ['日時', 'When'],
  what: ['目的', 'Purpose'],
  check: ['証明を自分で確かめる', 'Check the proof yourself'],
  checking: ['確かめています', 'Checking'],
  holds: ['確かめられました', 'The proof holds'],
  fails: ['確かめられませんでした', 'The proof does not hold'],
  step1: ['開いた人の署名と、タイムスタンプ局の時刻が正しい', 'The reader\'s signature and the authority\'s time stamp are right'],
  step2: ['台帳に記録されている', 'It is entry'],
  step3: ['台帳の2種類の署名と、別の組織の立会人の署名がそろっている', 'The ledger\'s two kinds of signature are there, and that of a witness of another organisation'],
  step4: ['この時までに記録され、その後変更されていない', 'It was recorded by then and is unchanged'],
  numbers: ['専門家のための番号', 'Numbers for experts'],
  broken: ['確かめられない記録があります。運用者に知らせてください。', 'There are records that do not hold; tell the operator.'],
  back: ['一覧へ戻る', 'Back to the list'],
  again: ['もう一度', 'Try again'],
  wrong: ['できませんでした', 'It did not work'],
  code: ['符号', 'Code'],
} as const;

export type Word = keyof typeof WORDS;

export function word(key: Word, language: Language): string {
  return WORDS[key][language === 'ja' ? 0 : 1];
}

const PURPOSES: Record<string, [string, string]> = {
  treatment: ['診療', 'Treatment'],
  own: ['本人が読む', 'Read by the person'],
  'lateral-grant': ['別の医師に見せる準備', 'To let another doctor read it'],
  referral: ['紹介', 'Referral'],
  'delegate-some': ['代わりに読む', 'Reads for you'],
  'delegate-all': ['代わりにすべて読む', 'Reads everything for you'],
  emergency: ['緊急開示', 'Emergency'],
  'hospital-system': ['院内システムへの取り込み', 'Taken into the hospital\'s system'],
};

/** A purpose's code word as people say it; an unknown one as it stands. */
export function purpose(code: string, language: Language): string {
  return (Object.hasOwn(PURPOSES, code) ? PURPOSES[code] : undefined)?.[language === 'ja' ? 0 : 1] ?? code;
}

/** A code word of servers as people say it; an unknown one as it stands. */
export function plain(family: 'told' | 'news', code: string, language: Language): string {
  const key = `${family}-${code}`;
  return Object.hasOwn(WORDS, key) ? word(key as Word, language) : code;
}

const JAPAN = 'Asia/Tokyo';

/** In Japan's time, in which the region's people live; the zone is said where this device is elsewhere. @param at milliseconds */
export function moment(at: number, language: Language): string {
  const time = new Intl.DateTimeFormat(locale(language), { dateStyle: 'long', timeStyle: 'medium', timeZone: JAPAN }).format(at);
  const away = new Date(at).getTimezoneOffset() !== -540;
  return away ? time + (language === 'ja' ? '（日本時間）' : ' (Japan time)') : time;
}

/** A date as a FHIR document writes it (year, month, day or moment), in the reader's language; anything else as it stands. */
export function date(written: string, language: Language): string {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(written);
  const at = Date.parse(written);
  if (!parts || Number.isNaN(at)) {
    return written;
  }
  if (parts[4]) {
    return moment(at, language);
  }
  const form: Intl.DateTimeFormatOptions = {
    year: 'numeric', ...(parts[2] ? { month: 'long' } : {}), ...(parts[3] ? { day: 'numeric' } : {}), timeZone: 'UTC',
  };
  return new Intl.DateTimeFormat(locale(language), form).format(at);
}

function locale(language: Language): string {
  return language === 'ja' ? 'ja-JP' : 'en-GB';
}

export function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}
