/**
 * Who may open a letter: the region's rules (room `consent`, Statute and Case), from signed statements alone. Default deny.
 * Held to the Java side by `statute.json`, which that side makes.
 */
import type { Statement } from './statement';

/** From furthest to nearest to a yes. */
export const RULES = [
  'letter-unknown', 'letter-disputed', 'not-a-reader', 'grantor-not-entitled', 'relation-missing', 'relation-revoked',
  'reader-barred', 'grant-revoked', 'grant-expired', 'grant-not-yet', 'emergency-not-allowed', 'emergency-ended',
  'emergency-over',
] as const;
export type Rule = (typeof RULES)[number];

/** `because`: the statement that allows it. */
export type Decision = { because: string } | { rule: Rule };

const kept = (s: Statement, name: string): string => s.record.get(name) ?? '';
const until = (s: Statement): number => Date.parse(kept(s, 'until'));
const onward = (s: Statement): number => Number(s.record.get('onward') ?? '0');

/** Whether `who` may end it: facts, such as letters and openings, have no end. */
export function mayEnd(who: string, s: Statement): boolean {
  switch (s.kind) {
    case 'care-relation':
      return [kept(s, 'professional'), kept(s, 'patient')].includes(who);
    case 'lateral-grant':
      return [s.by, kept(s, 'owner')].includes(who);
    case 'emergency-access':
      return s.by === who;
    case 'emergency-opening':
      return [s.by, kept(s, 'patient')].includes(who);
    case 'provisional-registration':
      return [s.by, kept(s, 'patient'), kept(s, 'supervisor')].includes(who);
    default:
      return false;
  }
}

/** What was said, by ID: neither order nor repetition can change an answer. */
export class Case {
  private readonly said: Statement[];
  private readonly byId: Map<string, Statement>;

  constructor(said: Iterable<Statement>) {
    this.byId = new Map([...said].map((s) => [s.id, s]));
    this.said = [...this.byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @param now milliseconds */
  mayOpen(who: string, letter: string, now: number): Decision {
    const sealings = this.all('letter-sealed').filter((s) => kept(s, 'letter') === letter);
    const sealing = sealings[0];
    if (!sealing) {
      return this.picture(who, letter);
    }
    if (!sealings.every((s) => s.by === sealing.by && kept(s, 'owner') === kept(sealing, 'owner'))) {
      return { rule: 'letter-disputed' };
    }
    if (who === kept(sealing, 'owner')) {
      return { because: sealing.id };
    }
    return who === sealing.by ? this.author(sealings, sealing, now) : this.reader(who, sealings, sealing, now);
  }

  /** Whether both said that they are in a care relation that stands then. */
  related(professional: string, patient: string, when: number): boolean {
    return this.bothSaid(professional, patient, when, (e) => e.at <= when);
  }

  /** Even after the registration ended: it may have ended because of what the picture shows. */
  private picture(who: string, evidence: string): Decision {
    const shown = this.all('provisional-registration').filter((r) => kept(r, 'evidence') === evidence);
    const one = shown[0];
    if (!one) {
      return { rule: 'letter-unknown' };
    }
    if (shown.length > 1) {
      return { rule: 'letter-disputed' };
    }
    return [kept(one, 'patient'), kept(one, 'supervisor')].includes(who) ? { because: one.id } : { rule: 'not-a-reader' };
  }

  /** The author may open what was sealed under a relation that stood then; in an emergency also without. */
  private author(sealings: Statement[], sealing: Statement, now: number): Decision {
    const one = this.rightful(sealings);
    return one ? { because: one.id } : this.emergency(sealing.by, sealing, now, 'relation-missing');
  }

  private rightful(sealings: Statement[]): Statement | undefined {
    return sealings.find((s) => this.related(s.by, kept(s, 'owner'), s.at));
  }

  /** The best answer of all grants that name this reader; of several refusals the one that came nearest to a yes. */
  private reader(who: string, sealings: Statement[], sealing: Statement, now: number): Decision {
    let nearest: Rule = 'not-a-reader';
    for (const grant of this.all('lateral-grant')) {
      if (kept(grant, 'reader') === who && kept(grant, 'letter') === kept(sealing, 'letter')) {
        const broken = this.broken(grant, sealings, sealing, now);
        if (!broken) {
          return { because: grant.id };
        }
        nearest = RULES.indexOf(broken) > RULES.indexOf(nearest) ? broken : nearest;
      }
    }
    return this.emergency(who, sealing, now, nearest);
  }

  private emergency(who: string, sealing: Statement, now: number, otherwise: Rule): Decision {
    let nearest = otherwise;
    for (const opening of this.all('emergency-opening')) {
      if (opening.by === who && kept(opening, 'patient') === kept(sealing, 'owner')) {
        const broken = this.closed(opening, now);
        if (!broken) {
          return { because: opening.id };
        }
        nearest = RULES.indexOf(broken) > RULES.indexOf(nearest) ? broken : nearest;
      }
    }
    return { rule: nearest };
  }

  /** Which rule an emergency opening breaks, if any. */
  private closed(opening: Statement, now: number): Rule | undefined {
    const access = this.byId.get(kept(opening, 'access'));
    const allowed = access?.kind === 'emergency-access' && access.by === kept(opening, 'patient')
      && stands(access, opening.at) && stands(access, now) && !this.ended(access, () => true);
    if (!allowed) {
      return 'emergency-not-allowed';
    }
    if (this.barred(kept(opening, 'patient'), opening.by, opening.at)) {
      return 'reader-barred';
    }
    if (this.ended(opening, () => true)) {
      return 'emergency-ended';
    }
    return stands(opening, now) ? undefined : 'emergency-over';
  }

  /** Which rule a grant breaks, if any, by itself or by what it rests on. */
  private broken(grant: Statement, sealings: Statement[], sealing: Statement, now: number): Rule | undefined {
    const under = grant.record.get('under');
    const above = under === undefined ? undefined : this.above(grant, under);
    const entitled = under === undefined ? grant.by === sealing.by || delegates(grant) : above !== undefined;
    if (!entitled || kept(grant, 'owner') !== kept(sealing, 'owner')) {
      return 'grantor-not-entitled';
    }
    if (this.barred(kept(grant, 'owner'), kept(grant, 'reader'), grant.at)) {
      return 'reader-barred';
    }
    if (this.ended(grant, () => true)) {
      return 'grant-revoked';
    }
    if (now >= until(grant)) {
      return 'grant-expired';
    }
    if (now < grant.at) {
      return 'grant-not-yet';
    }
    if (above) {
      return this.broken(above, sealings, sealing, now);
    }
    return delegates(grant) ? undefined : this.unrelated(grant, sealings);
  }

  /** A reader passes on at most what the reader has: as long, and fewer steps onward each time, so that a chain ends. */
  private above(grant: Statement, under: string): Statement | undefined {
    const above = this.byId.get(under);
    const fits = above?.kind === 'lateral-grant' && kept(above, 'reader') === grant.by
      && kept(above, 'letter') === kept(grant, 'letter') && onward(above) > onward(grant)
      && grant.at >= above.at && until(grant) <= until(above);
    return fits ? above : undefined;
  }

  private unrelated(grant: Statement, sealings: Statement[]): Rule | undefined {
    const owner = kept(grant, 'owner');
    if (!this.bothSaid(grant.by, owner, grant.at, () => false)) {
      return 'relation-missing';
    }
    if (!this.bothSaid(grant.by, owner, grant.at, () => true)) {
      return 'relation-revoked';
    }
    return this.rightful(sealings) ? undefined : 'relation-missing';
  }

  /** What was granted, or opened, until the veto, or while it stood, never counts again. */
  private barred(owner: string, reader: string, since: number): boolean {
    return this.all('veto')
      .filter((v) => v.by === owner && kept(v, 'bars') === reader)
      .some((v) => !this.all('veto-lifted')
        .filter((l) => kept(l, 'lifts') === v.id && l.by === v.by && l.at >= v.at)
        .some((l) => since > l.at));
  }

  private bothSaid(professional: string, patient: string, when: number, counts: (end: Statement) => boolean): boolean {
    const halves = this.all('care-relation')
      .filter((r) => kept(r, 'professional') === professional && kept(r, 'patient') === patient)
      .filter((r) => stands(r, when) && !this.ended(r, counts));
    return halves.some((r) => r.by === professional)
      && (halves.some((r) => r.by === patient) || this.registered(professional, patient, when, counts));
  }

  private registered(by: string, patient: string, when: number, counts: (end: Statement) => boolean): boolean {
    return this.all('provisional-registration')
      .filter((r) => r.by === by && kept(r, 'patient') === patient)
      .some((r) => stands(r, when) && !this.ended(r, counts));
  }

  /** @param counts which revocations count */
  private ended(one: Statement, counts: (end: Statement) => boolean): boolean {
    return this.all('revocation').filter((r) => kept(r, 'ends') === one.id && mayEnd(r.by, one)).some(counts);
  }

  private all(kind: string): Statement[] {
    return this.said.filter((s) => s.kind === kind);
  }
}

const MOST_ONWARD = 2;

/** The grant and those it was passed on under, up to the author's. */
export function chain(grant: string, said: Statement[]): Statement[] {
  const byId = new Map(said.filter((s) => s.kind === 'lateral-grant').map((s) => [s.id, s]));
  const found: Statement[] = [];
  for (let next = byId.get(grant); next && found.length <= MOST_ONWARD; next = byId.get(kept(next, 'under'))) {
    found.push(next);
  }
  return found;
}

/** As if this grant and what it rests on were the only ones: another that would permit it does not count (room `keys`, Court). */
export function alone(grant: string, said: Statement[]): Statement[] {
  const counts = new Set(chain(grant, said));
  return said.filter((s) => s.kind !== 'lateral-grant' || counts.has(s));
}

function stands(s: Statement, when: number): boolean {
  return when >= s.at && when < until(s);
}

/** The owner's own grant, to a delegate: never to be passed on. */
function delegates(grant: Statement): boolean {
  return grant.by === kept(grant, 'owner') && !grant.record.has('under') && onward(grant) === 0;
}
