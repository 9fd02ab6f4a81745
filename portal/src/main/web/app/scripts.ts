/** Every script that a page starts by its address: under Trusted Types these and no others. */
import pdfUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import workerUrl from '../worker/worker.ts?worker&url';

type Policy = { createScriptURL(url: string): string };
type Policies = { createPolicy(name: string, rules: Policy): Policy };

let policy: Policy | undefined;

function address(of: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  policy ??= policies?.createPolicy('mizuhiki-worker', {
    createScriptURL: (url) => {
      if (url !== workerUrl && url !== pdfUrl) {
        throw new TypeError('no script of this page');
      }
      return url;
    },
  });
  return policy ? policy.createScriptURL(of) : of;
}

/** In which all keys are. */
export const keysWorker = (): Worker => new Worker(address(workerUrl), { type: 'module' });

/** Which takes PDFs apart; it may connect nowhere (Portal, pdfPolicy). */
export const pdfWorker = (): Worker => new Worker(address(pdfUrl), { type: 'module' });
