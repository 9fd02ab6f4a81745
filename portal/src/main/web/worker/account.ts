/**
 * The account of whoever is logged in, and its changes (room `account`: Accounts, PersonAccount, Opened): the same steps in
 * the same order, so that a change that is cut off anywhere leaves an account that opens (docs/flows/account.md).
 */
import { random } from '../crypto/bytes';
import { fields, type Fields } from '../crypto/canonical';
import { access, keysToken, masterKeyOf, storeToken, type MasterKey } from '../crypto/master';
import { check, no, Refusal } from '../crypto/refusal';
import { closeHead, closeVault, digestOf, mustBeNewest, openHead, openVault, type Kept, type Vault } from '../crypto/vault';
import { closeSlot, masterKey, nameOf, wayOf, type State, type Way, type WayIn, type WrappedKey } from '../crypto/ways';
import { prove, register } from './password';
import { HASH, type Region } from './region';
import { Shape } from './shape';

const MOST_TRIES = 5;

/** What both servers have at one moment, opened and held against each other. */
type Opened = { master: MasterKey; state: State; vault: Vault; kept: Kept };

export class Account {
  private constructor(private readonly region: Region, private session: string, private now: Opened) {}

  /** @param token of a session at the key server @throws Refusal `account-missing`, `account-damaged`, `account-rolled-back` */
  static async open(region: Region, person: string, token: string, way: WayIn): Promise<Account> {
    const state = await standing(region, token);
    const master = await masterKey(person, way, state);
    return new Account(region, token, await opened(region, master, state));
  }

  get person(): string {
    return this.now.master.person;
  }

  get token(): string {
    return this.session;
  }

  get keyring() {
    return this.now.vault.keyring;
  }

  ways(): Way[] {
    return this.now.vault.ways;
  }

  /** By which the store knows the person. */
  storeToken(): string {
    return storeToken(this.now.master);
  }

  /** A session, and what only the master key gives. */
  shown(): { token: string; key: string } {
    return { token: this.session, key: keysToken(this.now.master) };
  }

  /** First into the register, then the slot: cut off between, the register names a way that does not open yet. */
  async add(way: WayIn, notes: Fields, guardians: WrappedKey['guardians'] = [], name = nameOf(way.kind)): Promise<void> {
    const entry = wayOf(this.person, way, name, notes, Date.now());
    await this.changeVault((vault) => ({ ...vault, ways: [...vault.ways, entry] }));
    await this.replaceSlots(async (slots) => [...slots, await this.slotOf(this.now.master, entry, { guardians })]);
  }

  private async slotOf(master: MasterKey, way: Way, kept: Partial<WrappedKey>): Promise<WrappedKey> {
    return {
      name: way.name, wrapped: await closeSlot(master, way), guardians: kept.guardians ?? [],
      ...(way.release === '' ? {} : { release: way.release }), ...(kept.share === undefined ? {} : { share: kept.share }),
    };
  }

  /** Removes a way, and changes the master key: old copies of all slots open nothing that is written from now on. */
  async remove(name: string): Promise<void> {
    await this.trying(async () => {
      const gone = this.ways().find((way) => way.name === name);
      check('way-unknown', gone !== undefined);
      check('way-last', gone.kind !== 'password' && this.ways().length > 1);
      await this.rotate(this.ways().filter((way) => way.name !== name));
    });
  }

  private async rotate(left: Way[]): Promise<void> {
    const { state, master: before, kept } = this.now;
    const change = state.number + 1;
    const next = masterKeyOf(this.person, String(change), random(32));
    // 1. all slots at once, for the keys in the register; the key before, closed under the new one
    const known = new Map(state.slots.map((slot) => [slot.name, slot]));
    const slots = await Promise.all(left.map((way) => this.slotOf(next, way, known.get(way.name) ?? {})));
    const head = await closeHead(next, { keyring: kept.number, digest: digestOf(kept), before }, change);
    const replaced = { number: change, head, slots };
    await this.region.keys.post('/v1/account/replace', { shown: this.shown(), access: access(keysToken(next)), next: replaced });
    // 2. the keyring under the new key; 3. the key before is forgotten
    this.now = await opened(this.region, next, replaced);
    await this.replaceSlots((same) => same);
  }

  /** Only the password's slot changes. Cut off anywhere, the account opens by the password before or by this one. */
  async setPassword(password: string): Promise<void> {
    const former = new Set(this.ways().filter((way) => way.kind === 'password').map((way) => way.name));
    // 1. the slot of the new one stands beside that of the old
    const registered = await register(this.region, this.person, password, { shown: this.shown(), token: this.storeToken() });
    await this.add({ kind: 'password', secret: registered.exportKey }, fields({}));
    // 2. the new one counts; sessions end, and nobody can derive the old one's key any more
    await this.region.keys.put('/v1/password', {
      registration: registered.registration, upload: registered.upload, shown: this.shown(),
    });
    const again = await prove(this.region, this.person, password);
    again.exportKey.fill(0);
    this.session = again.token;
    // 3. the old slot goes
    await this.changeVault((vault) => ({ ...vault, ways: vault.ways.filter((way) => !former.has(way.name)) }));
    await this.replaceSlots((slots) => slots.filter((slot) => !former.has(slot.name)));
  }

  private changeVault(change: (vault: Vault) => Vault): Promise<void> {
    return this.trying(async () => {
      const vault = change(this.now.vault);
      const kept = await closeVault(this.now.master, vault, this.now.kept.number + 1);
      await keep(this.region, this.person, storeToken(this.now.master), kept, storeToken(this.now.master));
      this.now = { ...this.now, vault, kept };
    });
  }

  private replaceSlots(change: (slots: WrappedKey[]) => WrappedKey[] | Promise<WrappedKey[]>): Promise<void> {
    return this.trying(async () => {
      const { master, state, kept } = this.now;
      const number = state.number + 1;
      const head = await closeHead(master, { keyring: kept.number, digest: digestOf(kept) }, number);
      const next = { number, head, slots: await change(state.slots) };
      await this.region.keys.post('/v1/account/replace', { shown: this.shown(), access: access(keysToken(master)), next });
      this.now = { ...this.now, state: next };
    });
  }

  /** Another device was first: its change is read, and ours tried again on top of it. */
  private async trying(change: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await change();
      } catch (e) {
        const others = e instanceof Refusal && ['account-changed', 'keyring-changed', 'keyring-unknown'].includes(e.code);
        if (!others || tries === MOST_TRIES) {
          throw e;
        }
        await this.refresh();
      }
    }
  }

  /** As the servers have it now. @throws Refusal `account-rekeyed` when another device changed the master key */
  async refresh(): Promise<void> {
    const state = await standing(this.region, this.session);
    check('account-rolled-back', state.number >= this.now.state.number);
    const next = await opened(this.region, this.now.master, state).catch((e: unknown) => {
      throw e instanceof Refusal && e.code === 'account-damaged' ? no('account-rekeyed') : e;
    });
    check('account-rolled-back', next.kept.number >= this.now.kept.number);
    this.now = next;
  }

  wipe(): void {
    this.now.master.key.fill(0);
    this.now.vault.keyring.fill(0);
  }
}

async function standing(region: Region, token: string): Promise<State> {
  const shape = Shape.of(await region.keys.post('/v1/account/state', { token }));
  const slots = shape.list('slots', 32).map((s) => ({
    name: s.text('name'), wrapped: s.text('wrapped'),
    guardians: s.list('guardians', 8).map((g) => ({ guardian: g.text('guardian'), share: g.text('share') })),
    ...(s.has('release') ? { release: s.text('release', HASH) } : {}), ...(s.has('share') ? { share: s.text('share') } : {}),
  }));
  return { number: shape.number('number'), head: shape.text('head'), slots };
}

/** Steps of Opened.read. @throws Refusal `account-damaged`, `account-rolled-back`, `account-rekeyed` */
async function opened(region: Region, master: MasterKey, state: State): Promise<Opened> {
  // 1. the head fits the master key, and this change of the account
  const head = await openHead(master, state);
  // 2. the keyring; a change of the master key that was cut off is finished here
  const kept = await fetched(region, master).catch((e: unknown) => {
    if (!(e instanceof Refusal) || e.code !== 'keyring-unknown') {
      throw e;
    }
    if (!head.before) {
      throw no('account-rekeyed');
    }
    return finished(region, master, head.before, state, head.keyring);
  });
  // 3. it is not older than what the head says
  mustBeNewest(kept, head);
  return { master, state, vault: await openVault(master, kept), kept };
}

/** The slots are those of the new key already; the keyring still lies under the one before. */
async function finished(region: Region, master: MasterKey, before: MasterKey, state: State, least: number): Promise<Kept> {
  const old = await fetched(region, before);
  check('account-rolled-back', old.number >= least);
  const vault = await openVault(before, old);
  const names = new Set(state.slots.map((slot) => slot.name));
  const left = { ...vault, ways: vault.ways.filter((way) => names.has(way.name)) };
  const kept = await closeVault(master, left, old.number + 1);
  await keep(region, master.person, storeToken(before), kept, storeToken(master));
  return kept;
}

async function fetched(region: Region, master: MasterKey): Promise<Kept> {
  const shape = Shape.of(await region.store.post('/v1/keyrings/fetch', { person: master.person, token: storeToken(master) }));
  return { number: shape.number('number'), content: shape.text('content', /^[A-Za-z0-9+/=]{1,2000000}$/) };
}

async function keep(region: Region, person: string, token: string, kept: Kept, next: string): Promise<void> {
  await region.store.post('/v1/keyrings/keep', { person, token, ...kept, access: access(next) });
}
