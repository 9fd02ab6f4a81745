/** The worker's door: one question at a time by name, its answer or its refusal back. */
import { no, Refusal } from '../crypto/refusal';
import { Session } from './session';

export type Question = { number: number; ask: Asked; given: string[] };
export type Asked = 'logIn' | 'pocket' | 'letter' | 'file' | 'trail' | 'proof' | 'logOut';

const session = new Session(new URL('../', self.location.href).href);

const answers: Record<Asked, (...given: string[]) => Promise<unknown>> = {
  logIn: (person, password) => session.logIn(person!, password!),
  pocket: () => session.pocket(),
  letter: (letter) => session.letter(letter!),
  file: (letter, name) => session.file(letter!, name!),
  trail: () => session.trail(),
  proof: (id) => session.proof(id!),
  logOut: () => session.logOut(),
};

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    self.postMessage({ number: data.number, answer: await answers[data.ask](...data.given) });
  } catch (e) {
    const refusal = e instanceof Refusal ? e : no('page-defect');
    self.postMessage({ number: data.number, refusal: refusal.plain() });
  }
});
