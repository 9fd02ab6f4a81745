/** From an invitation on a desk's screen to keys, certificate and account, all made here; docs/flows/enrolment.md, "At a desk". */
import { random, unbase64, type Bytes } from '../crypto/bytes';
import { fields } from '../crypto/canonical';
import { decodeKeyring, type Keyring } from '../crypto/keyring';
import { access, keysToken, masterKeyOf, storeToken } from '../crypto/master';
import { check, Refusal } from '../crypto/refusal';
import { certified, confirmation, invitation, newKeys, type Invitation, type NewKeys } from '../crypto/request';
import { closeHead, closeVault, digestOf } from '../crypto/vault';
import { closeSlot, nameOf, wayOf } from '../crypto/ways';
import { mustBeLong, register } from './password';
import type { Region } from './region';
import { Shape } from './shape';

const PATIENCE = 1_000;

export class Enrolment {
  private mine: { id: string; keyring: Bytes } | undefined;

  private constructor(private readonly region: Region, private readonly invited: Invitation, private readonly keys: NewKeys) {}

  /** @param fragment what stood behind the `#` @throws Refusal `link-malformed`, `region-differs`, `ticket-expired` */
  static async begin(region: Region, fragment: string): Promise<Enrolment> {
    const invited = invitation(fragment);
    check('region-differs', invited.region === region.fingerprint);
    check('ticket-expired', Date.now() < invited.expires);
    return new Enrolment(region, invited, await newKeys());
  }

  /** What the person says at the desk. */
  digits(): string {
    return confirmation(this.invited.ticket, this.keys.request);
  }

  /**
   * Asks until the desk has confirmed; then makes the account. May be asked again: nothing is done twice.
   * @param anew in the place of an account whose ways were all lost @return the person's ID @throws Refusal `account-exists`
   */
  async finish(password: string, anew: boolean): Promise<string> {
    mustBeLong(password);
    this.mine ??= await this.redeemed();
    const { id, keyring } = this.mine;
    await create(this.region, id, keyring, password, anew);
    [keyring, this.keys.pkcs8, this.keys.seed].forEach((secret) => secret.fill(0));
    return id;
  }

  private async redeemed(): Promise<{ id: string; keyring: Bytes }> {
    const asked = { ticket: `${this.invited.ticket}.${this.invited.secret}`, ...this.keys.request };
    for (;;) {
      try {
        const answer = Shape.of(await this.region.authority.post('/v1/enrolments', asked));
        const chain = answer.texts('signing', /^[A-Za-z0-9+/=]+$/, 4).map(unbase64);
        return await certified(this.keys, chain, await answer.bytes('sealing'), this.region.trust, Date.now());
      } catch (e) {
        if (!(e instanceof Refusal) || !['confirmation-awaited', 'server-unreachable'].includes(e.code) || Date.now() > this.invited.expires + 60_000) {
          throw e;
        }
        await new Promise((resolve) => setTimeout(resolve, PATIENCE));
      }
    }
  }
}

/** Steps of room `account`, Accounts.create: there is no account before the last of them. */
async function create(region: Region, person: string, keyring: Bytes, password: string, anew: boolean): Promise<void> {
  const { keys, store } = region;
  const ring = await decodeKeyring(new Uint8Array(keyring));
  const token = Shape.of(await keys.json('/v1/account/sessions', { method: 'POST', as: ring })).text('token');
  const change = Shape.of(await keys.post('/v1/account/state', { token })).number('number') + 1;
  check('account-exists', change === 1 || anew);
  // 1. a master key, and the way to it by the password that is about to count
  const registered = await register(region, person, password, { as: ring });
  const master = masterKeyOf(person, String(change), random(32));
  const way = wayOf(person, { kind: 'password', secret: registered.exportKey }, nameOf('password'), fields({}), Date.now());
  // 2. the keyring, closed under it
  const kept = await closeVault(master, { ways: [way], keyring }, (await lastNumber(region, ring)) + 1);
  await store.put('/v1/keyring', { ...kept, access: access(storeToken(master)) }, ring);
  // 3. the password counts
  await keys.put('/v1/password', { registration: registered.registration, upload: registered.upload }, ring);
  // 4. the slot; from here on the account opens
  const head = await closeHead(master, { keyring: kept.number, digest: digestOf(kept) }, change);
  const slots = [{ name: way.name, wrapped: await closeSlot(master, way), guardians: [] }];
  await keys.put('/v1/account', { access: access(keysToken(master)), next: { number: change, head, slots } }, ring);
  master.key.fill(0);
  registered.exportKey.fill(0);
}

async function lastNumber({ store }: Region, as: Keyring): Promise<number> {
  try {
    return Shape.of(await store.json('/v1/keyring', { as })).number('number');
  } catch (e) {
    if (e instanceof Refusal && e.code === 'keyring-unknown') {
      return 0;
    }
    throw e;
  }
}
