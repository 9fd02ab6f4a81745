/** Every page by its name in the address: the text that names it, and its own chunk, so that what nobody opens is never fetched. */
import type { Component } from 'svelte';
import type { Word } from './words';

type Page = { title: Word; load: () => Promise<{ default: Component }> };

export const PAGES = {
  login: { title: 'logIn', load: () => import('../pages/LogIn.svelte') },
  pocket: { title: 'pocket', load: () => import('../pages/Pocket.svelte') },
  letter: { title: 'pocket', load: () => import('../pages/Letter.svelte') },
  inbox: { title: 'inbox', load: () => import('../pages/professional/Inbox.svelte') },
  write: { title: 'write', load: () => import('../pages/professional/Write.svelte') },
  sent: { title: 'sent', load: () => import('../pages/professional/Sent.svelte') },
  relations: { title: 'relations', load: () => import('../pages/professional/Relations.svelte') },
  opened: { title: 'inbox', load: () => import('../pages/professional/Opened.svelte') },
  trail: { title: 'trail', load: () => import('../pages/Trail.svelte') },
  account: { title: 'account', load: () => import('../pages/Account.svelte') },
  password: { title: 'changePassword', load: () => import('../pages/Password.svelte') },
  code: { title: 'recoveryCode', load: () => import('../pages/Code.svelte') },
  recover: { title: 'recover', load: () => import('../pages/Recover.svelte') },
  guardians: { title: 'guardians', load: () => import('../pages/Guardians.svelte') },
  guarding: { title: 'guarding', load: () => import('../pages/Guarding.svelte') },
  readers: { title: 'readers', load: () => import('../pages/Readers.svelte') },
  news: { title: 'news', load: () => import('../pages/News.svelte') },
  enrol: { title: 'enrol', load: () => import('../pages/Enrol.svelte') },
} as const satisfies Record<string, Page>;

export type PageName = keyof typeof PAGES;

export function isPage(name: string): name is PageName {
  return Object.hasOwn(PAGES, name);
}
