import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../main/web/crypto/refusal';
import type { Desk } from '../../main/web/worker/professional/desk';
import type { Errand, Outbox } from '../../main/web/worker/professional/outbox';
import { dropped, pushed } from '../../main/web/worker/professional/sending';

beforeEach(() => vi.stubGlobal('navigator', { locks: { request: (_: string, work: () => unknown) => work() } }));
afterEach(() => vi.unstubAllGlobals());

/** One errand of three steps, on a device in memory, and servers that answer as they are told. */
function device(answer: (path: string) => Promise<unknown>, progress = () => Promise.resolve()) {
  const told: { path: string; key: string | undefined }[] = [];
  const server = {
    post: (path: string, _: unknown, __: unknown, key?: string) => (told.push({ path, key }), answer(path)),
  };
  const slot = { keyId: '', encoded: '' };
  const rows = new Map<string, Errand>([['e', {
    id: 'e', patient: 'P-2222-2222-2222', reader: 'P-3333-3333-3333', letter: 'l', at: 0, done: 0,
    steps: [
      { tell: 'register', letter: 'l', objects: [], owner: 'P-2222-2222-2222' }, { tell: 'file', signed: '', slots: [] },
      { tell: 'grant', signed: '', slot },
    ],
  }]]);
  const outbox = {
    find: async (id: string) => structuredClone(rows.get(id)),
    progress: async (errand: Errand) => (await progress(), void rows.set(errand.id, errand)),
    forget: async (id: string) => void rows.delete(id),
  } as unknown as Outbox;
  const desk = { region: { keys: server, store: server } } as unknown as Desk;
  return { told, rows, outbox, push: () => pushed(desk, outbox, 'e', () => {}) };
}

describe('a letter in the outbox', () => {
  test('stays there after whatever a server refuses, and is never told to have failed', async () => {
    for (const code of ['standing-unknown', 'checkpoint-late', 'store-full', 'internal-error', 'signature-time', 'reader-barred']) {
      let away = true;
      const one = device((path) => (away && path === '/v1/grants' ? Promise.reject(new Refusal(code, 'いいえ', 'no')) : Promise.resolve({})));
      expect(await one.push()).toEqual({ errand: 'e', letter: 'l', whole: false, why: { code, ja: 'いいえ', en: 'no' } });
      expect(one.rows.get('e')?.done).toBe(2);
      away = false;
      expect(await one.push()).toEqual({ errand: 'e', letter: 'l', whole: true });
      expect(one.rows.size).toBe(0);
      // each was told once; what was refused, again under its own key
      expect(one.told.map((t) => t.key)).toEqual(['e-0', 'e-1', 'e-2', 'e-2']);
    }
  });

  test('stays there when something breaks that is no refusal', async () => {
    const one = device(() => Promise.reject(new TypeError('odd')));
    expect(await one.push()).toMatchObject({ whole: false, why: { code: 'page-defect' } });
    expect(one.rows.size).toBe(1);
  });

  test('is told again where this device could not note that it was told', async () => {
    let full = true;
    const one = device(() => Promise.resolve({}), () => (full ? Promise.reject(new Refusal('outbox-stuck', '', '')) : Promise.resolve()));
    expect(await one.push()).toMatchObject({ whole: false, why: { code: 'outbox-stuck' } });
    full = false;
    expect(await one.push()).toMatchObject({ whole: true });
    expect(one.told.map((t) => t.key)).toEqual(['e-0', 'e-0', 'e-1', 'e-2']);
  });

  test('is gone when the person gives it up, and a window that still shows it does not say that it was sent by it', async () => {
    const one = device(() => Promise.resolve({}));
    await dropped(one.outbox, 'e');
    expect(await one.push()).toEqual({ errand: 'e', letter: '', whole: true, elsewhere: true });
    expect(one.told).toEqual([]);
  });
});
