/** Shows PDF by pdf.js, unmodified: no script of a document runs, no link is followed, nothing is fetched. */
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from 'pdfjs-dist';
import type { Bytes } from '../crypto/bytes';
import { Unshown } from './dicom';
import { button, part } from './parts';
import { say, type Language } from './words';

const MOST_PAGES = 2_000;
/** Pixels of a page's picture. */
const MOST_PIXELS = 16 << 20;

let port: Worker | undefined;

/** @param worker pdf.js's own, which the host starts: only the host may make a script of an address */
export async function pdf(content: Bytes, language: Language, worker: (() => Worker) | undefined): Promise<HTMLElement> {
  port ??= worker?.();
  if (port) {
    GlobalWorkerOptions.workerPort = port;
  }
  // copied: the reader takes what it is given
  const asked = getDocument({
    data: content.slice(), enableXfa: false, disableAutoFetch: true, disableStream: true, disableRange: true, useWorkerFetch: false,
    isImageDecoderSupported: false, isOffscreenCanvasSupported: false, useWasm: false, maxImageSize: MOST_PIXELS, stopAtErrors: false, verbosity: 0,
  });
  const document = await asked.promise.catch(() => {
    throw new Unshown('broken');
  });
  if (document.numPages > MOST_PAGES) {
    throw new Unshown('broken');
  }
  const shown = new Pages(document, language);
  await shown.show(1);
  return shown.whole;
}

class Pages {
  readonly whole: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly words = part('div', { class: 'words', tabindex: '0' });
  private readonly counted = part('span', { class: 'counted', role: 'status' });
  private at = 1;
  private scale = 1.5;
  private busy = false;

  constructor(private readonly document: PDFDocumentProxy, private readonly language: Language) {
    const t = (key: Parameters<typeof say>[0]) => say(key, language);
    this.canvas = part('canvas', { role: 'img', 'aria-label': t('page') });
    this.words.setAttribute('aria-label', t('pageText'));
    this.words.setAttribute('role', 'region');
    this.whole = part('div', {},
      part('div', { class: 'row' },
        button(t('previous'), () => void this.show(this.at - 1)), this.counted, button(t('next'), () => void this.show(this.at + 1)),
        button(t('smaller'), () => void this.zoom(1 / 1.25)), button(t('larger'), () => void this.zoom(1.25))),
      part('div', { class: 'paper', tabindex: '0', role: 'region', 'aria-label': t('pagePicture') }, this.canvas), this.words);
  }

  private zoom(by: number): Promise<void> {
    this.scale = Math.max(0.5, Math.min(4, this.scale * by));
    return this.show(this.at);
  }

  async show(at: number): Promise<void> {
    if (this.busy) {
      return;
    }
    this.busy = true;
    try {
      this.at = Math.max(1, Math.min(this.document.numPages, at));
      const page = await this.document.getPage(this.at);
      const natural = page.getViewport({ scale: 1 });
      const scale = Math.min(this.scale, Math.sqrt(MOST_PIXELS / Math.max(1, natural.width * natural.height)));
      const viewport = page.getViewport({ scale });
      this.canvas.width = Math.max(1, Math.floor(viewport.width));
      this.canvas.height = Math.max(1, Math.floor(viewport.height));
      await page.render({ canvas: this.canvas, viewport }).promise;
      this.counted.textContent = `${this.at} ${say('of', this.language)} ${this.document.numPages}`;
      // the same as text: for those who cannot see the picture
      const { items } = await page.getTextContent();
      this.words.textContent = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
      page.cleanup();
    } finally {
      this.busy = false;
    }
  }
}
