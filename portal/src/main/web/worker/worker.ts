/** The worker's door: one question at a time by name, its answer or its refusal back. */
import type { Bytes } from '../crypto/bytes';
import { check, no, Refusal } from '../crypto/refusal';
import { Enrolment } from './enrolment';
import { accept, bar, endTreatment, lift, news, permissions, takeBack } from './permissions';
import { pocket, trail } from './pocket';
import { professional } from './professional/door';
import { approved, guarding, nameGuardians, notices, PaperCode, recoveries, veto } from './recovery';
import { HASH, proven } from './region';
import { Session } from './session';
import { addPasskey, salt, ways } from './ways';

export type Asked = keyof typeof answers;
export type Given<A extends Asked> = Parameters<(typeof answers)[A]>;
export type Answer<A extends Asked> = Awaited<ReturnType<(typeof answers)[A]>>;
export type Question = { number: number; ask: Asked; given: unknown[] };

const session = new Session(new URL('../', self.location.href).href);
const paper = new PaperCode();
let enrolment: Enrolment | undefined;

const answers = {
  logIn: (person: string, password: string) => session.logIn(person, password),
  logInByPasskey: (person: string, prf: Bytes) => session.logInByPasskey(person, prf),
  passkeySalt: async (person: string) => salt(person),
  ways: async () => ways(session.me().account),
  addPasskey: async (credential: Bytes, publicKey: Bytes, prf: Bytes) => addPasskey(session.me().account, credential, publicKey, prf),
  removeWay: async (name: string) => session.me().account.remove(name),
  setPassword: async (password: string) => session.me().account.setPassword(password),
  paperCode: async () => paper.show(session.me().account),
  usePaperCode: async () => paper.use(session.me().account),
  recover: (person: string, code: string, password: string) => session.recover(person, code, password),
  notices: async () => notices(session.me()),
  recoveries: async () => recoveries(session.me()),
  vetoRecoveries: async () => veto(session.me()),
  guarding: async () => guarding(session.me()),
  approveRecovery: async (id: string, code: string) => approved(session.me(), id, code),
  nameGuardians: async (ids: string[]) => nameGuardians(session.me(), ids),
  permissions: async () => permissions(session.me()),
  takeBack: async (grants: string[]) => takeBack(session.me(), grants),
  bar: async (reader: string) => bar(session.me(), reader),
  lift: async (reader: string) => lift(session.me(), reader),
  acceptRelation: async (proposal: string) => accept(session.me(), proposal),
  endTreatment: async (professional: string) => endTreatment(session.me(), professional),
  news: async () => news(session.me()),
  enrol: async (fragment: string) => (enrolment = await Enrolment.begin(await session.at(), fragment)).digits(),
  finishEnrolment: async (password: string, anew: boolean) => {
    check('link-malformed', enrolment !== undefined);
    return enrolment.finish(password, anew);
  },
  pocket: async () => pocket(session.me()),
  letter: async (letter: string) => session.letters().open(letter),
  file: async (letter: string, name: string) => session.letters().file(letter, name),
  ...professional(() => session.me(), (progress) => self.postMessage({ progress })),
  trail: async () => trail(session.me()),
  /** "Check the proof yourself". @param id of an opening */
  proof: async (id: string) => {
    check('answer-malformed', HASH.test(id));
    return proven(session.me().region, 'disclosure', id);
  },
  logOut: () => session.logOut(),
};

self.addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    const answer = answers[data.ask] as (...given: unknown[]) => Promise<unknown>;
    self.postMessage({ number: data.number, answer: await answer(...data.given) });
  } catch (e) {
    const refusal = e instanceof Refusal ? e : no('page-defect');
    self.postMessage({ number: data.number, refusal: refusal.plain() });
  }
});
