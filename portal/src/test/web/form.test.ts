import { beforeAll, expect, test, vi } from 'vitest';
import type { Form } from '../../main/web/pages/professional/letter';

beforeAll(() => {
  // what the shared state asks of a browser
  vi.stubGlobal('navigator', { language: 'ja' });
  vi.stubGlobal('location', { hash: '', pathname: '/portal' });
});

/** Every text of the form, by where it stands in it. */
function texts(of: object, at = ''): [string, string][] {
  return Object.entries(of).flatMap(([name, value]) => (typeof value === 'string' ? [[`${at}${name}`, value]] : texts(value, `${at}${name}.`)));
}

test('whatever a doctor fills in, and will sign, is shown before it is signed', async () => {
  const { blank, signed } = await import('../../main/web/pages/professional/letter');
  const form: Form = blank();
  const fill = (of: Record<string, unknown>, at: string) => Object.entries(of).forEach(([name, value]) => {
    if (typeof value === 'string') {
      of[name] = name === 'sex' ? 'female' : `${at}${name}`;
    } else {
      fill(value as Record<string, unknown>, `${at}${name}.`);
    }
  });
  fill(form, '');
  const shown = new Set(signed(form).map(([, value]) => value));
  // named by the page itself: who the patient is, and until when
  const own = /^(?:patient|days|about\.sex|about\.name\..*)$/;
  expect(texts(form).filter(([place, value]) => !own.test(place) && !shown.has(value))).toEqual([]);
  expect(shown).toContain('女');
  expect(new Set(signed(form).map(([label]) => label)).size).toBe(signed(form).length);
});
