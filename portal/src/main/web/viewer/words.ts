/** Texts of the viewer, Japanese first. */
export type Language = 'ja' | 'en';

const WORDS = {
  open: ['ファイルを開く（PDF・DICOM・画像・FHIR文書）', 'Open a file (PDF, DICOM, picture, FHIR document)'],
  local: ['ファイルはこの画面の中だけで開きます。どこにも送りません。', 'Files are opened in this page only and sent nowhere.'],
  unknown: ['この種類のファイルは表示できません', 'Files of this kind are not shown'],
  broken: ['ファイルが壊れているか、大きすぎるため表示できません', 'The file is damaged or too large to be shown'],
  codec: ['この圧縮方式の画像は表示できません。保存して専用の装置で見てください', 'Images of this compression are not shown; save the file and use a viewing station'],
  tooMany: ['表示できるのは512枚までです', 'At most 512 images are shown'],
  image: ['画像', 'Image'],
  page: ['ページ', 'Page'],
  pageText: ['ページの文字', 'The page as text'],
  pagePicture: ['ページの画像', 'The page as a picture'],
  of: ['/', 'of'],
  previous: ['前へ', 'Previous'],
  next: ['次へ', 'Next'],
  larger: ['拡大', 'Zoom in'],
  smaller: ['縮小', 'Zoom out'],
  centre: ['明るさの中心', 'Window centre'],
  width: ['明るさの幅', 'Window width'],
  reset: ['明るさを元に戻す', 'Reset the window'],
  measure: ['長さを測る', 'Measure'],
  measureHelp: ['2つの点をクリックします。キーボードでは矢印で動かし、Enterで点を置きます。', 'Click two points; by keyboard, move with the arrows and set points with Enter.'],
  length: ['長さ', 'Length'],
  unspaced: ['画素の間隔が書かれていないため、画素数で示します', 'The file does not say how far apart pixels are; the length is in pixels'],
  notForDiagnosis: ['参照用の表示です。診断には使わないでください。', 'For reference, not for diagnosis.'],
  nothing: ['表示できる文章がありません', 'There is no text to show'],
} as const;

export type Word = keyof typeof WORDS;

export const say = (key: Word, language: Language): string => WORDS[key][language === 'ja' ? 0 : 1];
