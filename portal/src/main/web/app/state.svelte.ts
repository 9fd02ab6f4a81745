/** What all pages share: language and type size, who is logged in, and which page is shown. Nothing of it is kept. */
import { moment, purpose, word, type Language, type Word } from './words';
import { logOut } from './ask';

export type Place = { page: 'login' } | { page: 'pocket' } | { page: 'letter'; letter: string } | { page: 'trail'; letter: string };

export const now = $state({
  language: (navigator.language.startsWith('ja') ? 'ja' : 'en') as Language,
  large: false,
  person: '',
  loggedOut: false,
  place: { page: 'login' } as Place,
});

export const say = (key: Word): string => word(key, now.language);
export const aim = (code: string): string => purpose(code, now.language);
export const when = (at: number): string => moment(at, now.language);

/** Letters stand in the address behind `#`, which no server ever sees; keys stand nowhere. */
export function follow(hash: string): void {
  const [, page, letter] = /^#\/([a-z]+)(?:\/([0-9a-f]{64}))?$/.exec(hash) ?? [];
  if (now.person === '') {
    now.place = { page: 'login' };
  } else if (page === 'letter' && letter) {
    now.place = { page, letter };
  } else if (page === 'trail') {
    now.place = { page, letter: letter ?? '' };
  } else {
    now.place = { page: 'pocket' };
  }
}

export function entered(person: string): void {
  now.person = person;
  now.loggedOut = false;
  go('#/pocket');
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
  now.loggedOut = true;
  now.place = { page: 'login' };
  history.replaceState(null, '', '#/login');
  await logOut();
}
