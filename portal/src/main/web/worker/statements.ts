/** The signed statements that concern whoever is logged in: every one checked, what does not hold is told, never hidden. */
import { base64, hex, type Bytes } from '../crypto/bytes';
import { encode, type Fields } from '../crypto/canonical';
import { sha256 } from '../crypto/hash';
import type { Member } from '../crypto/member';
import { check, no, Refusal, type PlainRefusal } from '../crypto/refusal';
import { signRecord } from '../crypto/signed';
import { checkStatement, type Attested } from '../crypto/statement';
import type { Keyring } from '../crypto/keyring';
import type { Region } from './region';
import { stamping } from './servers';
import { Shape } from './shape';

const MOST = 20_000;
const PAGE = 200;
/** Not known now; says nothing about the statement. */
export const TEMPORARY = new Set([
  'server-unreachable', 'revocation-unknown', 'device-clock', 'answer-malformed', 'server-busy', 'rate-exceeded', 'ledger-unavailable',
  'database-away', 'server-stopping', 'request-under-way',
]);

export type Who = { id: string; name: string; institution: string };
export type Heard = { all: Attested[]; broken: PlainRefusal[] };

export class Statements {
  private readonly held = new Map<string, Attested>();

  constructor(private readonly region: Region, private readonly ring: Keyring) {}

  /** Every statement that names the caller. */
  async involving(): Promise<Heard> {
    const heard: Heard = { all: [], broken: [] };
    let before: number | undefined;
    for (let seen = 0; ; ) {
      check('statements-too-many', seen < MOST);
      const from = before === undefined ? '' : `&before=${before}`;
      const answer = await this.region.keys.json(`/v1/statements?limit=${PAGE}${from}`, { as: this.ring });
      const page = Shape.of(answer).list('statements', PAGE);
      for (const filed of page) {
        const number = filed.number('number');
        // pages that do not go back in time would never end
        check('key-server-odd', before === undefined || number < before);
        before = number;
        await this.hear(await filed.bytes('signed'), heard);
      }
      seen += page.length;
      if (page.length < PAGE) {
        return heard;
      }
    }
  }

  /** Every statement about a letter that holds: one that does not permits nothing and keeps nobody out; the trail names it. */
  async about(letter: string): Promise<Attested[]> {
    const filed = Shape.of(await this.region.keys.json(`/v1/letters/${letter}/statements`, { as: this.ring })).list('statements');
    const heard: Heard = { all: [], broken: [] };
    await Promise.all(filed.map(async (f) => this.hear(await f.bytes('signed'), heard)));
    return heard.all;
  }

  private async hear(signed: Bytes, heard: Heard): Promise<void> {
    try {
      heard.all.push(await this.checked(signed));
    } catch (e) {
      if (!(e instanceof Refusal) || TEMPORARY.has(e.code)) {
        throw e;
      }
      heard.broken.push(e.plain());
    }
  }

  async checked(signed: Bytes): Promise<Attested> {
    const key = hex(sha256(signed));
    const known = this.held.get(key) ?? (await checkStatement(signed, this.region.trust, Date.now()));
    this.held.set(key, known);
    return known;
  }

  /** Signs and stamps a record here. @return as it is filed (base64), and its ID */
  async signed(record: Fields): Promise<{ signed: string; id: string }> {
    const { authority, trust } = this.region;
    const signed = await signRecord(encode(record), this.ring.chain, this.ring.signing, stamping(authority));
    // checked as every other party will: a wrong clock is told here, before anything leaves the device
    const checked = await checkStatement(signed, trust, Date.now()).catch((e: unknown) => {
      throw e instanceof Refusal && e.code === 'statement-time' ? no('device-clock') : e;
    });
    return { signed: base64(signed), id: checked.statement.id };
  }
}

/** A random number for a record, so that no two are the same. */
export function fresh(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

export function who(member: Member): Who {
  switch (member.kind) {
    case 'professional':
      return { id: member.id, name: member.name, institution: member.institution };
    case 'patient':
      return { id: member.id, name: '', institution: '' };
    case 'server':
      throw no('certificate-wrong-purpose');
  }
}
