import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { random } from '../../main/web/crypto/bytes';
import { Refusal } from '../../main/web/crypto/refusal';
import { Outbox, type Errand } from '../../main/web/worker/professional/outbox';

/** As much of a browser's database as the outbox uses, in memory: what is asked is done in order, and told a moment later. */
class Rows {
  private readonly kept = new Map<string, unknown>();
  constructor(private readonly key: string) {}

  put(row: Record<string, unknown>) {
    this.kept.set(row[this.key] as string, structuredClone(row));
  }

  delete(which: string | { from: string; to: string }) {
    [...this.kept.keys()].filter((k) => (typeof which === 'string' ? k === which : k >= which.from && k <= which.to)).forEach((k) => this.kept.delete(k));
  }

  get = (key: string) => later(this.kept.get(key));
  getAll = () => later([...this.kept.values()]);
}

function later<T>(result: T) {
  const asked: { result: T; onsuccess?: () => void } = { result };
  queueMicrotask(() => asked.onsuccess?.());
  return asked;
}

beforeEach(() => {
  const stores: Record<string, Rows> = { errands: new Rows('id'), blobs: new Rows('key') };
  const database = {
    transaction: () => {
      const change: { oncomplete?: () => void; objectStore: (name: string) => Rows } = { objectStore: (name) => stores[name]! };
      queueMicrotask(() => change.oncomplete?.());
      return change;
    },
  };
  vi.stubGlobal('indexedDB', { open: () => later(database) });
  vi.stubGlobal('IDBKeyRange', { bound: (from: string, to: string) => ({ from, to }) });
});
afterEach(() => vi.unstubAllGlobals());

const person = 'P-2222-2222-2222';
const errand = (id: string, at: number): Errand => ({ id, patient: 'P-3333-3333-3333', reader: 'P-4444-4444-4444', letter: 'l', at, steps: [], done: 0 });
const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));

test('what waits is read again by the same keyring, oldest first, its letters with it, by nobody else', async () => {
  const local = random(32);
  const box = await Outbox.of(person, local);
  await box.keep(errand('b', 2), new Map([['0'.repeat(64), Uint8Array.of(7)]]));
  await box.keep(errand('a', 1), new Map());
  const again = await Outbox.of(person, local);
  expect(await again.waiting()).toEqual({ errands: [errand('a', 1), errand('b', 2)], unreadable: [] });
  expect(await again.find('b')).toEqual(errand('b', 2));
  expect(await again.blob('b', '0'.repeat(64))).toEqual(Uint8Array.of(7));
  const other = await Outbox.of('P-5555-5555-5555', local);
  expect(await other.waiting()).toEqual({ errands: [], unreadable: [] });
  expect(await other.find('b')).toBeUndefined();
});

test('what was closed under a former keyring is listed as such, is not taken for sent, and can be given up', async () => {
  await (await Outbox.of(person, random(32))).keep(errand('a', 1), new Map([['0'.repeat(64), Uint8Array.of(7)]]));
  const box = await Outbox.of(person, random(32));
  await box.keep(errand('b', 2), new Map());
  expect(await box.waiting()).toEqual({ errands: [errand('b', 2)], unreadable: ['a'] });
  expect(await code(box.find('a'))).toBe('outbox-stuck');
  await box.forget('a');
  expect(await box.waiting()).toEqual({ errands: [errand('b', 2)], unreadable: [] });
  expect(await code(box.blob('a', '0'.repeat(64)))).toBe('outbox-stuck');
});
