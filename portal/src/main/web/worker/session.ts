/**
 * Who is logged in, inside the worker. Keys live in this worker's memory, go nowhere, and end with it. No server is believed:
 * every answer is checked before a page sees it. What a logged-in person does is in the files beside this one.
 */
import type { Bytes } from '../crypto/bytes';
import { no } from '../crypto/refusal';
import { Letters } from './letters';
import { byPassword, byWay, type Person } from './login';
import { recover } from './recovery';
import { reached, type Region } from './region';
import { Statements, who, type Who } from './statements';

/** All that is known while somebody is logged in. */
export type Inside = Person & { region: Region; statements: Statements };

/** @property who with a name and an institution for professionals */
export type Entered = { person: string; who: Who };

export class Session {
  private region: Promise<Region> | undefined;
  private inside: { me: Inside; letters: Letters } | undefined;

  /** @param from where this code came from */
  constructor(private readonly from: string) {}

  at(): Promise<Region> {
    this.region ??= reached(this.from);
    this.region.catch(() => (this.region = undefined));
    return this.region;
  }

  /** @throws Refusal `not-logged-in` */
  me(): Inside {
    return this.in().me;
  }

  letters(): Letters {
    return this.in().letters;
  }

  private in(): { me: Inside; letters: Letters } {
    if (!this.inside) {
      throw no('not-logged-in');
    }
    return this.inside;
  }

  async logIn(person: string, password: string): Promise<Entered> {
    const region = await this.at();
    return this.enter(region, await byPassword(region, person, password));
  }

  /** @param prf the passkey's secret, wiped here @throws Refusal `way-in-unknown` */
  async logInByPasskey(person: string, prf: Bytes): Promise<Entered> {
    const region = await this.at();
    return this.enter(region, await byWay(region, person, 'passkey', prf));
  }

  /** In by the code on paper; the password is set anew. */
  async recover(person: string, code: string, password: string): Promise<Entered> {
    const region = await this.at();
    return this.enter(region, await recover(region, person, code, password));
  }

  private enter(region: Region, as: Person): Entered {
    const me = { ...as, region, statements: new Statements(region, as.ring) };
    this.inside = { me, letters: new Letters(me) };
    return { person: as.person, who: who(as.member) };
  }

  /** Ends the session at the key server; keys are forgotten here whether or not it answers. */
  async logOut(): Promise<void> {
    const { account, region } = this.me();
    this.inside = undefined;
    account.wipe();
    await region.keys.post('/v1/password/sessions/end', { token: account.token }).catch(() => undefined);
  }
}
