/**
 * What was signed and closed and is not yet with all servers: it lies on this device, in the browser's database, until it is.
 * Letters and attachments are ciphertext anyway; the errand (who, to whom) is closed under the keyring's key for this device.
 * A reload, a full disk, a server that is away, or another tab at the same work lose and double nothing.
 */
import { random, text, utf8, type Bytes } from '../../crypto/bytes';
import { derive, openGcm } from '../../crypto/hash';
import { Refusal } from '../../crypto/refusal';
import { refuse } from './denied';
import type { Step } from './steps';

export type Errand = { id: string; patient: string; reader: string; letter: string; at: number; steps: Step[]; done: number };

type Row = { id: string; person: string; closed: Bytes };
type Blob = { key: string; content: Bytes };

const NAME = 'mizuhiki-outbox';

export class Outbox {
  private constructor(private readonly rows: IDBDatabase, private readonly person: string, private readonly key: CryptoKey, private readonly raw: Bytes) {}

  /**
   * @param local the keyring's key for what lies on a device
   * @param code of the refusal when there is no database: `outbox-away` says that nothing was sent
   */
  static async of(person: string, local: Bytes, code: 'outbox-away' | 'outbox-stuck' = 'outbox-stuck'): Promise<Outbox> {
    const raw = derive(local, utf8(`mizuhiki browser outbox v1 ${person}`));
    const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
    return new Outbox(await opened(code), person, key, raw);
  }

  /** All of it or nothing. @param blobs closed, by digest @throws Refusal `outbox-away`; everything after this says `outbox-stuck` */
  async keep(errand: Errand, blobs: Map<string, Bytes>): Promise<void> {
    const row = await this.row(errand);
    await this.change('outbox-away', (errands, contents) => {
      errands.put(row);
      blobs.forEach((content, digest) => contents.put({ key: `${errand.id} ${digest}`, content } satisfies Blob));
    });
  }

  async progress(errand: Errand): Promise<void> {
    const row = await this.row(errand);
    await this.change('outbox-stuck', (errands) => void errands.put(row));
  }

  async forget(id: string): Promise<void> {
    await this.change('outbox-stuck', (errands, contents) => {
      errands.delete(id);
      contents.delete(IDBKeyRange.bound(`${id} `, `${id} g`));
    });
  }

  /** Of this person, oldest first. @property unreadable IDs of those that this keyring does not open: closed under a former one, or damaged */
  async waiting(): Promise<{ errands: Errand[]; unreadable: string[] }> {
    const rows = await this.ask<Row[]>('errands', (store) => store.getAll());
    const mine = rows.filter((row) => row.person === this.person);
    const read = await Promise.all(mine.map((row) => this.read(row)));
    const errands = read.filter((one) => one !== undefined).sort((a, b) => a.at - b.at);
    return { errands, unreadable: mine.filter((_, n) => read[n] === undefined).map((row) => row.id) };
  }

  async find(id: string): Promise<Errand | undefined> {
    const row = await this.ask<Row | undefined>('errands', (store) => store.get(id));
    const errand = row?.person === this.person ? await this.read(row) : undefined;
    if (!errand && row?.person === this.person) {
      throw refuse('outbox-stuck');
    }
    return errand;
  }

  async blob(id: string, digest: string): Promise<Bytes> {
    const found = await this.ask<Blob | undefined>('blobs', (store) => store.get(`${id} ${digest}`));
    if (!found) {
      throw refuse('outbox-stuck');
    }
    return found.content;
  }

  private async row(errand: Errand): Promise<Row> {
    const iv = random(12);
    const closed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(errand.id) }, this.key, utf8(JSON.stringify(errand)));
    const both = new Uint8Array(12 + closed.byteLength);
    both.set(iv);
    both.set(new Uint8Array(closed), 12);
    return { id: errand.id, person: this.person, closed: both };
  }

  /** Nothing, where it was closed under other keys of the same person, or altered. */
  private async read(row: Row): Promise<Errand | undefined> {
    try {
      const open = await openGcm(this.raw, row.closed.slice(0, 12), utf8(row.id), row.closed.slice(12), 'outbox-stuck');
      return JSON.parse(text(open)) as Errand;
    } catch (e) {
      if (e instanceof Refusal) {
        return undefined;
      }
      throw e;
    }
  }

  private change(code: 'outbox-away' | 'outbox-stuck', work: (errands: IDBObjectStore, blobs: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const away = () => reject(refuse(code));
      try {
        const change = this.rows.transaction(['errands', 'blobs'], 'readwrite', { durability: 'strict' });
        change.oncomplete = () => resolve();
        change.onerror = away;
        change.onabort = away;
        work(change.objectStore('errands'), change.objectStore('blobs'));
      } catch {
        away();
      }
    });
  }

  private ask<T>(store: 'errands' | 'blobs', question: (of: IDBObjectStore) => IDBRequest): Promise<T> {
    return new Promise((resolve, reject) => {
      const asked = question(this.rows.transaction(store, 'readonly').objectStore(store));
      asked.onsuccess = () => resolve(asked.result as T);
      asked.onerror = () => reject(refuse('outbox-stuck'));
    });
  }
}

function opened(code: 'outbox-away' | 'outbox-stuck'): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const away = () => reject(refuse(code));
    try {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('errands', { keyPath: 'id' });
        asked.result.createObjectStore('blobs', { keyPath: 'key' });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = away;
      asked.onblocked = away;
    } catch {
      away();
    }
  });
}
