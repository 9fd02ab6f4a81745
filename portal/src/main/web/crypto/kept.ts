/** What the authority publishes, held for some minutes: a page that stays open all day hears of what ended meanwhile. */
import { Refusal } from './refusal';

/** Milliseconds. */
export const HELD = 300_000;
/** Who finds something missing may ask again, but not at every question. */
export const SOON = 10_000;

const WRONG = new Set(['revocation-list-broken', 'ca-list-forged', 'revocation-unknown']);

export class Kept<T> {
  private one: { at: number; value: Promise<T> } | undefined;

  /** @param newer of two answers, so that nobody goes back in time */
  constructor(private readonly now: () => number, private readonly ask: () => Promise<T>, private readonly newer: (a: T, b: T) => T) {}

  /** @param most milliseconds since it was asked for */
  get(most = HELD): Promise<T> {
    const [known, now] = [this.one, this.now()];
    if (known && now >= known.at && now < known.at + most) {
      return known.value;
    }
    const one = { at: now, value: known ? this.again(known.value) : this.ask() };
    this.one = one;
    one.value.catch(() => (this.one = this.one === one ? undefined : this.one));
    return one.value;
  }

  /** While nobody answers, what was there before stays; whether it is still fresh is the caller's to judge. What is wrong is told. */
  private async again(before: Promise<T>): Promise<T> {
    const [old, fresh] = await Promise.allSettled([before, this.ask()]);
    if (fresh.status === 'fulfilled') {
      return old.status === 'fulfilled' ? this.newer(old.value, fresh.value) : fresh.value;
    }
    if (old.status === 'fulfilled' && fresh.reason instanceof Refusal && !WRONG.has(fresh.reason.code)) {
      return old.value;
    }
    throw fresh.reason;
  }
}
