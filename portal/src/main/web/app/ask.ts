/** The page's side of the worker, in which all keys are: questions by name, answers or refusals back. */
import type { Progress, Wanted } from '../worker/professional/sending';
import type { Answer, Asked, Given } from '../worker/worker';
import type { PlainRefusal } from '../crypto/refusal';
import { keysWorker } from './scripts';

type Back = { number: number; answer?: unknown; refusal?: PlainRefusal; progress?: Progress };
type Waiting = { resolve: (answer: unknown) => void; reject: (refusal: PlainRefusal) => void };

type Octets = Uint8Array<ArrayBuffer>;

let worker: Worker | undefined;
let number = 0;
const waiting = new Map<number, Waiting>();
let listener: (progress: Progress) => void = () => {};

/** How far a long task is. */
export function onProgress(next: (progress: Progress) => void): void {
  listener = next;
}

function started(): Worker {
  if (worker) {
    return worker;
  }
  worker = keysWorker();
  worker.addEventListener('message', ({ data }: MessageEvent<Back>) => {
    if (data.progress) {
      listener(data.progress);
      return;
    }
    const one = waiting.get(data.number);
    waiting.delete(data.number);
    if (data.refusal) {
      one?.reject(data.refusal);
    } else {
      one?.resolve(data.answer);
    }
  });
  worker.addEventListener('error', () => {
    const refusal = { code: 'page-defect', ja: '画面の不具合です。運用者に連絡してください', en: 'A defect of this page; tell the operator' };
    waiting.forEach((one) => one.reject(refusal));
    waiting.clear();
  });
  return worker;
}

/** Octets are handed over, not copied: what is secret in them leaves this thread. */
function ask<A extends Asked>(asked: A, ...given: Given<A>): Promise<Answer<A>> {
  const handed = given.filter((one) => (one as unknown) instanceof Uint8Array).map((one) => (one as unknown as Uint8Array).buffer);
  return new Promise<Answer<A>>((resolve, reject) => {
    number++;
    waiting.set(number, { resolve: resolve as Waiting['resolve'], reject });
    started().postMessage({ number, ask: asked, given }, handed as ArrayBuffer[]);
  });
}

export const logIn = (person: string, password: string) => ask('logIn', person, password);
export const logInByPasskey = (person: string, prf: Octets) => ask('logInByPasskey', person, prf);
export const passkeySalt = (person: string) => ask('passkeySalt', person);
export const ways = () => ask('ways');
export const addPasskey = (credential: Octets, publicKey: Octets, prf: Octets) => ask('addPasskey', credential, publicKey, prf);
export const removeWay = (name: string) => ask('removeWay', name);
export const setPassword = (password: string) => ask('setPassword', password);
export const paperCode = () => ask('paperCode');
export const usePaperCode = () => ask('usePaperCode');
export const recover = (person: string, code: string, password: string) => ask('recover', person, code, password);
export const notices = () => ask('notices');
export const recoveries = () => ask('recoveries');
export const vetoRecoveries = () => ask('vetoRecoveries');
export const guarding = () => ask('guarding');
export const approveRecovery = (id: string, code: string) => ask('approveRecovery', id, code);
export const nameGuardians = (ids: string[]) => ask('nameGuardians', ids);
export const permissions = () => ask('permissions');
export const takeBack = (grants: string[]) => ask('takeBack', grants);
export const bar = (reader: string) => ask('bar', reader);
export const lift = (reader: string) => ask('lift', reader);
export const acceptRelation = (proposal: string) => ask('acceptRelation', proposal);
export const endTreatment = (professional: string) => ask('endTreatment', professional);
export const news = () => ask('news');
export const enrol = (fragment: string) => ask('enrol', fragment);
export const finishEnrolment = (password: string, anew: boolean) => ask('finishEnrolment', password, anew);
export const pocket = () => ask('pocket');
export const letter = (of: string) => ask('letter', of);
export const file = (of: string, name: string) => ask('file', of, name);
export const trail = () => ask('trail');
export const inbox = () => ask('inbox');
export const openAsReader = (of: string, purpose: string) => ask('openAsReader', of, purpose);
export const fileAsReader = (of: string, name: string) => ask('fileAsReader', of, name);
export const colleagues = (text: string) => ask('colleagues', text);
export const plan = (wanted: Wanted) => ask('plan', wanted);
export const send = () => ask('send');
export const waitingLetters = () => ask('waiting');
export const push = (id: string) => ask('push', id);
export const giveUp = (id: string) => ask('giveUp', id);
export const relations = () => ask('relations');
export const propose = (patient: string, days: number) => ask('propose', patient, days);
export const endRelation = (patient: string) => ask('endRelation', patient);
export const proof = (of: string) => ask('proof', of);

/** The keys end with the worker, whatever a server answers. */
export async function logOut(): Promise<void> {
  await ask('logOut').catch(() => undefined);
  worker?.terminate();
  worker = undefined;
  waiting.clear();
}

/** Whatever was thrown, as something to show. */
export function refusal(e: unknown): PlainRefusal {
  const known = e as Partial<PlainRefusal> | undefined;
  return typeof known?.code === 'string' && typeof known.ja === 'string' && typeof known.en === 'string'
    ? { code: known.code, ja: known.ja, en: known.en }
    : { code: 'page-defect', ja: '画面の不具合です。運用者に連絡してください', en: 'A defect of this page; tell the operator' };
}
