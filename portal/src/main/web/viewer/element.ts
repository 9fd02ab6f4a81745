/**
 * `<mizuhiki-viewer>`: shows one file - PDF, DICOM, PNG, JPEG or a FHIR document - in any page, without a server
 * (docs/viewer.md). What a file holds is drawn or shown as text; nothing of it is ever taken for markup, script or address.
 */
import type { Bytes } from '../crypto/bytes';
import { document as fhir, type Section } from '../worker/document';
import { Unshown } from './dicom';
import { kind } from './kind';
import { part } from './parts';
import { say, type Language, type Word } from './words';

const MOST_PICTURE = 64 << 20;
const STYLE = `
:host { display: block; }
canvas { max-width: 100%; height: auto; background: #000; border: 1px solid currentColor; touch-action: none; }
canvas.image { width: min(100%, 48rem); }
.paper { overflow: auto; max-height: 90vh; } .paper canvas { max-width: none; background: #fff; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; margin: 0.5rem 0; }
button, input { font: inherit; min-height: 2.75rem; } button { padding: 0.25rem 1rem; }
button[aria-pressed='true'] { outline: 3px solid currentColor; }
input[type='range'] { flex: 1; min-width: 10rem; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 20rem; overflow: auto; }
.small { font-size: 0.9em; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
`;

export class MizuhikiViewer extends HTMLElement {
  /** Starts pdf.js's worker, which a host gives by its own policy; without one PDFs are taken apart in the page. */
  pdfWorker: (() => Worker) | undefined;
  private readonly root = this.attachShadow({ mode: 'open' });

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet];
  }

  connectedCallback(): void {
    if (!this.hasAttribute('bare') && !this.root.hasChildNodes()) {
      this.choose();
    }
  }

  private get language(): Language {
    return (this.closest('[lang]')?.getAttribute('lang') ?? navigator.language).startsWith('ja') ? 'ja' : 'en';
  }

  /** A field for a file; a host that gives the content itself says `bare`. */
  private choose(): void {
    const input = part('input', { type: 'file', id: 'file', accept: '.pdf,.dcm,.png,.jpg,.jpeg,.json' });
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      if (file) {
        void file.arrayBuffer().then((content) => this.show(new Uint8Array(content)));
      }
    });
    const label = part('label', { for: 'file' }, say('open', this.language));
    this.root.replaceChildren(part('p', {}, label), input, part('p', { class: 'small' }, say('local', this.language)), part('div', { class: 'shown' }));
  }

  /** @return whether it is shown; if not, the reason is */
  async show(content: Bytes): Promise<boolean> {
    const place = this.root.querySelector('.shown') ?? this.root.appendChild(part('div', { class: 'shown' }));
    const tell = (why: Word) => {
      place.replaceChildren(part('p', { role: 'alert' }, say(why, this.language)));
      return false;
    };
    try {
      const made = await this.made(content);
      if (!made) {
        return tell('unknown');
      }
      place.replaceChildren(made);
      return true;
    } catch (e) {
      return tell(e instanceof Unshown ? e.why : 'broken');
    }
  }

  private async made(content: Bytes): Promise<HTMLElement | undefined> {
    switch (kind(content)) {
      case 'pdf':
        return (await import('./pdf')).pdf(content, this.language, this.pdfWorker);
      case 'dicom':
        return (await import('./images')).images(content, this.language);
      case 'png':
      case 'jpeg':
        return picture(content, this.language);
      case 'fhir':
        return text(content, this.language);
      case undefined:
        return undefined;
    }
  }
}

/** Onto a canvas: what a picture carries beside its picture is left out. */
async function picture(content: Bytes, language: Language): Promise<HTMLElement> {
  const bitmap = await createImageBitmap(new Blob([content]));
  if (bitmap.width * bitmap.height > MOST_PICTURE) {
    bitmap.close();
    throw new Unshown('broken');
  }
  const canvas = part('canvas', { width: String(bitmap.width), height: String(bitmap.height), role: 'img', 'aria-label': say('image', language) });
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
  bitmap.close();
  return part('div', {}, canvas);
}

function text(content: Bytes, language: Language): HTMLElement {
  const { title, date, patient, sections } = fhir(content);
  const head = [date, patient].filter((one) => one !== '').join('　');
  const inside = sections.map((one) => section(one, 3));
  return title === '' && inside.length === 0
    ? part('p', {}, say('nothing', language))
    : part('article', {}, part('h2', {}, title), part('p', {}, head), ...inside);
}

function section(of: Section, level: number): HTMLElement {
  const heading = `h${Math.min(level, 6)}` as 'h3' | 'h4' | 'h5' | 'h6';
  return part('section', {},
    ...(of.title === '' ? [] : [part(heading, {}, of.title)]), ...(of.text === '' ? [] : [part('p', { class: 'text' }, of.text)]),
    ...of.sections.map((one) => section(one, level + 1)));
}

/** Once a page; a second try changes nothing. */
export function define(): void {
  if (!customElements.get('mizuhiki-viewer')) {
    customElements.define('mizuhiki-viewer', MizuhikiViewer);
  }
}
