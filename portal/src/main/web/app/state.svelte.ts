/** What all pages share: language and type size, who is logged in, and which page is shown. Nothing of it is kept. */
import { date, moment, plain, purpose, word, type Language, type Word } from './words';
import { logOut } from './ask';
import { isPage, type PageName } from './pages';

/** @property name empty for people who are no professionals */
export type Me = { name: string; institution: string };
/** @property letter its digest, where the page is about one; else empty */
export type Place = { page: PageName; letter: string };

export const now = $state({
  language: (navigator.language.startsWith('ja') ? 'ja' : 'en') as Language,
  large: false,
  person: '',
  me: { name: '', institution: '' } as Me,
  loggedOut: false,
  place: { page: 'login', letter: '' } as Place,
});

export const say = (key: Word): string => word(key, now.language);
export const aim = (code: string): string => purpose(code, now.language);
export const happened = (kind: string): string => plain('told', kind, now.language);
export const done = (kind: string): string => plain('news', kind, now.language);
export const dated = (written: string): string => date(written, now.language);
export const when = (at: number): string => moment(at, now.language);

/** Letters stand in the address behind `#`, which no server ever sees; keys stand nowhere. */
export function follow(hash: string): void {
  const [, page, letter = ''] = /^#\/([a-z]+)(?:\/([0-9a-f]{64}))?$/.exec(hash) ?? [];
  if (now.person === '') {
    now.place = { page: page === 'recover' || page === 'enrol' ? page : 'login', letter: '' };
  } else if (page && isPage(page) && page !== 'login' && page !== 'recover' && page !== 'enrol' && (!OF_A_LETTER.has(page) || letter !== '')) {
    now.place = { page, letter };
  } else {
    now.place = { page: isProfessional() ? 'inbox' : 'pocket', letter: '' };
  }
}

const OF_A_LETTER = new Set<PageName>(['letter', 'opened']);

export const isProfessional = (): boolean => now.me.institution !== '';

export function entered(person: string, me: Me): void {
  now.person = person;
  now.me = { name: me.name, institution: me.institution };
  now.loggedOut = false;
  go(isProfessional() ? '#/inbox' : '#/pocket');
}

export function go(hash: string): void {
  if (location.hash === hash) {
    follow(hash);
  } else {
    location.hash = hash;
  }
}

/** First out of sight, then out of memory: the keys with the worker, the pages with their components. */
export async function leave(): Promise<void> {
  now.person = '';
  now.me = { name: '', institution: '' };
  now.loggedOut = true;
  now.place = { page: 'login', letter: '' };
  history.replaceState(null, '', '#/login');
  await logOut();
}
