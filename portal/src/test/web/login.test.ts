import { expect, test } from 'vitest';
import { random } from '../../main/web/crypto/bytes';
import { Refusal } from '../../main/web/crypto/refusal';
import { byWay } from '../../main/web/worker/login';
import type { Region } from '../../main/web/worker/region';
import { vectors } from './region';

const code = async (work: Promise<unknown>): Promise<string> => work.then(() => 'accepted', (e: unknown) => (e instanceof Refusal ? e.code : String(e)));

test('the secret of a way in is wiped whether or not anybody gets in by it', async () => {
  const answers: [wanted: string, person: string, answer: () => Promise<unknown>][] = [
    ['server-unreachable', vectors.person, () => Promise.reject(new Refusal('server-unreachable', '', ''))],
    ['answer-malformed', vectors.person, () => Promise.resolve({})],
    ['login-failed', 'nobody', () => Promise.resolve({})],
  ];
  for (const [wanted, person, post] of answers) {
    const secret = random(32);
    expect(await code(byWay({ keys: { post } } as unknown as Region, person, 'passkey', secret))).toBe(wanted);
    expect(secret).toEqual(new Uint8Array(32));
  }
});
