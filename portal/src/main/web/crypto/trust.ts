/**
 * Whose certificate is to be believed, for what, when: the narrow path of this region (RFC 5280, 6), to the pinned roots
 * only, through CAs that the root signed with both of its keys, and not revoked at that time. The rules are those of the
 * room `trust` (PathValidator, RevocationList, CaList); what is left out there is refused here.
 */
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { concat, equal, hex, unbase64, unhex, utf8, type Bytes } from './bytes';
import * as x509 from './certificate';
import type { Certificate, RevocationList } from './certificate';
import { isXWing } from './directory';
import { verify } from './ecdsa';
import { oid, Tag } from './der';
import { decode, get, type Fields } from './canonical';
import { HELD, Kept, SOON } from './kept';
import { member, registrarCa, type Member } from './member';
import { check, unless } from './refusal';

const POLICY = { patient: '2.999.81.1.1', professional: '2.999.81.1.2', stamps: '2.999.81.1.5' } as const;
const EMAIL = hex(oid('1.3.6.1.5.5.7.3.4'));
const CLIENT = hex(oid('1.3.6.1.5.5.7.3.2'));
const STAMPING = hex(oid('1.3.6.1.5.5.7.3.8'));
const ML_DSA_65 = unhex('308207b2300b0609608648016503040312038207a100');
const LIMIT = 24 * 3600_000;
const SKEW = 300_000;
const BITS = { digitalSignature: 0, nonRepudiation: 1, keyEncipherment: 2, keyCertSign: 5, cRLSign: 6 } as const;

export type Purpose = 'sign' | 'stamp' | 'connect' | 'seal';

/** Where revocation lists come from: the authority's public answers, unchecked. */
export interface Published {
  caList(): Promise<string>;
  crl(ca: string): Promise<Bytes>;
}

type Listed = { names: Map<string, string>; retired: Map<string, string> };

export class Trust {
  private readonly listed: Kept<Listed>;
  private readonly lists = new Map<string, Kept<RevocationList>>();
  private readonly held = new Map<string, Promise<Member>>();
  private since = 0;

  private constructor(
    readonly roots: Certificate[],
    private readonly quantumSafe: Bytes,
    private readonly published: Published,
    private readonly now: () => number,
  ) {
    this.listed = new Kept(now, async () => this.signedList(await published.caList()), (_, fresh) => fresh);
  }

  /** @param roots DER; @param quantumSafe the root's ML-DSA-65 key, SubjectPublicKeyInfo */
  static of(roots: Bytes[], quantumSafe: Bytes, published: Published, now: () => number): Trust {
    check('ca-list-forged', roots.length === 1 && equal(quantumSafe.slice(0, ML_DSA_65.length), ML_DSA_65));
    return new Trust(roots.map(x509.certificate), quantumSafe, published, now);
  }

  /**
   * @param chain own certificate first, with or without the root
   * @param at milliseconds; revocation after it does not count
   */
  async check(chain: Certificate[], purpose: Purpose, at: number): Promise<Member> {
    // what was found with older lists counts no longer than they do
    if (this.now() < this.since || this.now() >= this.since + HELD) {
      this.held.clear();
      this.since = this.now();
    }
    const key = `${purpose} ${at} ${chain.map((c) => c.digest).join()}`;
    const known = this.held.get(key) ?? unless('certificate-untrusted', () => this.checked(chain, purpose, at));
    this.held.set(key, known);
    known.catch(() => this.held.delete(key));
    return known;
  }

  private async checked(chain: Certificate[], purpose: Purpose, at: number): Promise<Member> {
    const path = chain.filter((c) => !this.roots.some((r) => r.digest === c.digest));
    check('certificate-untrusted', path.length > 0 && path.length <= 3);
    const leaf = path[0]!;
    check('certificate-expired', at >= leaf.from && at <= leaf.until);
    const who = member(leaf);
    serves(leaf, purpose, who);
    await this.leads(path, hex(oid(policy(who, purpose))), at);
    await this.notRevoked(path, at);
    return who;
  }

  /** Each is signed by the next, the last by a root; CAs may certify, and what they certify is theirs to certify. */
  private async leads(path: Certificate[], wanted: string, at: number): Promise<void> {
    for (const [place, one] of path.entries()) {
      const above = path[place + 1] ?? this.roots.find((r) => equal(r.subject, one.issuer));
      check('certificate-untrusted', above !== undefined && equal(above.subject, one.issuer));
      check('certificate-untrusted', await x509.signedBy(above.spki, one.tbs, one.algorithm, one.signature));
      check('certificate-untrusted', at >= one.from && at <= one.until);
      check('certificate-untrusted', x509.oids(x509.extension(one, '2.5.29.32')).includes(wanted));
      if (place > 0) {
        const most = x509.pathLength(one);
        check('certificate-untrusted', most !== undefined && most >= place - 1 && x509.usage(one, BITS.keyCertSign));
        path.slice(0, place).forEach((below) => check('certificate-untrusted', isPermitted(one, below)));
      }
    }
    const top = path[path.length - 1]!;
    check('ca-list-forged', (await this.listing(top)).names.has(top.digest));
  }

  private async notRevoked(path: Certificate[], at: number): Promise<void> {
    for (const [place, one] of path.entries()) {
      const above = path[place + 1] ?? this.roots[0]!;
      const kept = this.revocations(above);
      const fresh = (l: RevocationList) => this.now() <= l.nextUpdate && (this.isRoot(above) || this.now() <= l.thisUpdate + LIMIT);
      const known = await kept.get();
      const list = fresh(known) ? known : await kept.get(SOON);
      const now = this.now();
      check('revocation-unknown', fresh(list));
      check('device-clock', list.thisUpdate <= now + SKEW);
      const ended = list.ended.get(one.serial);
      check('certificate-revoked', ended === undefined || ended > at);
    }
  }

  private isRoot(one: Certificate): boolean {
    return this.roots.some((r) => r.digest === one.digest);
  }

  private revocations(ca: Certificate): Kept<RevocationList> {
    const known = this.lists.get(ca.digest)
      ?? new Kept(this.now, () => this.fetched(ca), (a, b) => (b.thisUpdate >= a.thisUpdate ? b : a));
    this.lists.set(ca.digest, known);
    return known;
  }

  private async fetched(ca: Certificate): Promise<RevocationList> {
    const name = await this.nameOf(ca);
    const der = await this.published.crl(name);
    check('revocation-list-broken', x509.usage(ca, BITS.cRLSign));
    return unless('revocation-list-broken', () => x509.revocationList(der, ca));
  }

  private async nameOf(ca: Certificate): Promise<string> {
    if (this.isRoot(ca)) {
      return 'root';
    }
    const registrar = registrarCa(ca.subject);
    if (registrar) {
      return `registrar/${registrar}`;
    }
    const listed = await this.listing(ca);
    const name = listed.names.get(ca.digest);
    // the list of a CA whose key is lost is signed by the one after it: a device reads that, this page does not
    check('revocation-unknown', name !== undefined && !(listed.retired.get(name) ?? '').startsWith('lost'));
    return name;
  }

  /** A CA that is not on it may have been added since. */
  private async listing(ca: Certificate): Promise<Listed> {
    const known = await this.listed.get();
    return known.names.has(ca.digest) ? known : this.listed.get(SOON);
  }

  /** Both signatures must hold: neither kind of key alone certifies anybody. */
  private async signedList(json: string): Promise<Listed> {
    return unless('ca-list-forged', async () => {
      const form = JSON.parse(json) as Record<'statement' | 'classical' | 'quantumSafe', string>;
      const statement = unbase64(form.statement);
      const said = concat(utf8('mizuhiki ca list v1\n'), statement);
      const classical = await verify(this.roots[0]!.spki, 'P-384', unbase64(form.classical), said);
      const key = this.quantumSafe.slice(ML_DSA_65.length);
      const quantumSafe = ml_dsa65.verify(unbase64(form.quantumSafe), said, key);
      const fields = decode(statement);
      check('ca-list-forged', classical && quantumSafe && get(fields, 'kind') === 'ca-list');
      check('ca-list-forged', get(fields, 'root') === this.roots[0]!.digest);
      return { names: new Map([...named(fields, 'ca.')].map(([name, digest]) => [digest, name])), retired: named(fields, 'retired.') };
    });
  }
}

function named(fields: Fields, prefix: string): Map<string, string> {
  return new Map([...fields].filter(([k]) => k.startsWith(prefix)).map(([k, v]) => [k.slice(prefix.length), v]));
}

function policy(who: Member, purpose: Purpose): string {
  if (purpose === 'stamp') {
    return POLICY.stamps;
  }
  check('certificate-wrong-purpose', who.kind !== 'server');
  return POLICY[who.kind];
}

function serves(leaf: Certificate, purpose: Purpose, who: Member): void {
  const purposes = x509.oids(x509.extension(leaf, '2.5.29.37'));
  const fits = {
    sign: () => who.kind !== 'server' && x509.usage(leaf, BITS.nonRepudiation) && purposes.includes(EMAIL),
    connect: () => who.kind !== 'server' && x509.usage(leaf, BITS.digitalSignature) && purposes.includes(CLIENT),
    // RFC 3161, 2.3: this purpose alone, critical
    stamp: () => who.kind === 'server' && x509.usage(leaf, BITS.digitalSignature) && purposes.join() === STAMPING
      && leaf.extensions.get(hex(oid('2.5.29.37')))?.critical === true,
    seal: () => who.kind !== 'server' && x509.usage(leaf, BITS.keyEncipherment),
  };
  const key = purpose === 'seal' ? isXWing(leaf.spki) : x509.curve(leaf.spki) === 'P-256';
  check('certificate-wrong-purpose', fits[purpose]() && key && x509.pathLength(leaf) === undefined);
}

/** RFC 5280, 4.2.1.10: names only, and only permitted ones; any other constraint permits nothing. */
function isPermitted(ca: Certificate, below: Certificate): boolean {
  const constraints = x509.extension(ca, '2.5.29.30')?.parts();
  if (!constraints) {
    return true;
  }
  const names = constraints.optional(0xa0)?.parts().all ?? [];
  constraints.done();
  const steps = x509.attributes(below.subject).map((a) => hex(a.step));
  return names.some((subtree) => {
    const parts = subtree.parts();
    const directory = parts.optional(0xa4)?.parts().next(Tag.SEQUENCE).whole;
    parts.done();
    const begins = directory && x509.attributes(directory).map((a) => hex(a.step));
    return begins !== undefined && begins.every((step, at) => steps[at] === step);
  });
}

/** Certificates as a CMS or a keyring carries them. */
export function chainOf(ders: Bytes[]): Certificate[] {
  return ders.map(x509.certificate);
}
