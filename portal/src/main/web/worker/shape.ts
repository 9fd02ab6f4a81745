/** What a server answered, held to the form that it must have before anything looks at it. */
import { check, unless } from '../crypto/refusal';
import { unbase64, type Bytes } from '../crypto/bytes';

const WRONG = 'answer-malformed';

/** An object of a JSON answer. */
export class Shape {
  private constructor(private readonly of: Record<string, unknown>) {}

  static of(value: unknown): Shape {
    check(WRONG, typeof value === 'object' && value !== null && !Array.isArray(value));
    return new Shape(value as Record<string, unknown>);
  }

  private get(name: string): unknown {
    check(WRONG, Object.hasOwn(this.of, name));
    return this.of[name];
  }

  text(name: string, form = /^[^]{0,200000}$/): string {
    const value = this.get(name);
    check(WRONG, typeof value === 'string' && form.test(value));
    return value;
  }

  number(name: string): number {
    const value = this.get(name);
    check(WRONG, typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);
    return value;
  }

  yes(name: string): boolean {
    const value = this.get(name);
    check(WRONG, typeof value === 'boolean');
    return value;
  }

  bytes(name: string): Promise<Bytes> {
    return unless(WRONG, () => unbase64(this.text(name, /^[A-Za-z0-9+/=]*$/)));
  }

  /** A list of octets. */
  octets(name: string, most: number): Promise<Bytes[]> {
    return unless(WRONG, () => this.texts(name, /^[A-Za-z0-9+/=]+$/, most).map(unbase64));
  }

  shape(name: string): Shape {
    return Shape.of(this.get(name));
  }

  list(name: string, most = 10_000): Shape[] {
    return this.array(name, most).map((one) => Shape.of(one));
  }

  texts(name: string, form: RegExp, most = 100): string[] {
    return this.array(name, most).map((one) => {
      check(WRONG, typeof one === 'string' && form.test(one));
      return one;
    });
  }

  /** Texts by name. */
  named(name: string): Map<string, string> {
    const inner = this.shape(name);
    return new Map(Object.keys(inner.of).map((key) => [key, inner.text(key)]));
  }

  has(name: string): boolean {
    return Object.hasOwn(this.of, name) && this.of[name] !== null;
  }

  private array(name: string, most: number): unknown[] {
    const value = this.get(name);
    check(WRONG, Array.isArray(value) && value.length <= most);
    return value;
  }
}
