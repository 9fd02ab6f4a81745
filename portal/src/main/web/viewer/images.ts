/** Shows DICOM images: window and level, one image after the other, and lengths. Mouse, touch and keyboard alike. */
import type { Bytes } from '../crypto/bytes';
import { distance, draw, series, Unshown, type Pixels, type Series } from './dicom';
import { button, part, slider } from './parts';
import { say, type Language } from './words';

type Point = [x: number, y: number];

/** @throws Unshown */
export async function images(content: Bytes, language: Language): Promise<HTMLElement> {
  const shown = new Images(series(content), language);
  await shown.show(0);
  return shown.whole;
}

class Images {
  readonly whole: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly told = part('p', { role: 'status' });
  private readonly counted = part('span', { class: 'counted' });
  private readonly picture: ImageData;
  private readonly centreSlider: ReturnType<typeof slider>;
  private readonly widthSlider: ReturnType<typeof slider>;
  private pixels: Pixels = new Uint8Array();
  private at = 0;
  private centre: number;
  private width: number;
  private measuring = false;
  private points: Point[] = [];
  private cursor: Point;

  constructor(private readonly of: Series, private readonly language: Language) {
    const t = (key: Parameters<typeof say>[0]) => say(key, language);
    this.centre = of.centre;
    this.width = of.width;
    this.cursor = [of.columns / 2, of.rows / 2];
    this.canvas = part('canvas', { class: 'image', width: String(of.columns), height: String(of.rows), tabindex: '0', role: 'img', 'aria-label': `${t('image')} ${of.about}` });
    this.context = this.canvas.getContext('2d')!;
    this.picture = this.context.createImageData(of.columns, of.rows);
    const reach = Math.max(1, Math.abs(of.width)) * 2;
    this.centreSlider = slider(t('centre'), Math.floor(of.centre - reach), Math.ceil(of.centre + reach), of.centre, (v) => this.window(v, this.width));
    this.widthSlider = slider(t('width'), 1, Math.ceil(reach * 2), of.width, (v) => this.window(this.centre, v));
    const measure = button(t('measure'), () => {
      this.measuring = !this.measuring;
      this.points = [];
      measure.setAttribute('aria-pressed', String(this.measuring));
      this.told.textContent = this.measuring ? t('measureHelp') : '';
      this.paint();
    });
    measure.setAttribute('aria-pressed', 'false');
    const steps = of.frames.length > 1
      ? [button(t('previous'), () => void this.show(this.at - 1)), this.counted, button(t('next'), () => void this.show(this.at + 1))] : [];
    const levels = of.colour ? [] : [this.centreSlider.row, this.widthSlider.row, button(t('reset'), () => this.window(of.centre, of.width))];
    this.whole = part('div', {}, part('p', { class: 'small' }, t('notForDiagnosis')), this.canvas,
      part('div', { class: 'row' }, ...steps, measure), ...levels, this.told);
    this.listen();
  }

  async show(at: number): Promise<void> {
    const { frames } = this.of;
    this.at = Math.max(0, Math.min(frames.length - 1, at));
    const frame = frames[this.at]!;
    this.pixels = 'pixels' in frame ? frame.pixels : await decoded(frame.jpeg, this.of);
    this.points = [];
    this.counted.textContent = `${this.at + 1} ${say('of', this.language)} ${frames.length}`;
    this.paint();
  }

  private window(centre: number, width: number): void {
    this.centre = centre;
    this.width = Math.max(1, width);
    this.centreSlider.set(this.centre);
    this.widthSlider.set(this.width);
    this.paint();
  }

  private paint(): void {
    draw(this.of, this.pixels, this.centre, this.width, this.picture.data);
    this.context.putImageData(this.picture, 0, 0);
    this.canvas.dataset.centre = String(Math.round(this.centre));
    this.canvas.dataset.width = String(Math.round(this.width));
    const [a, b] = this.points;
    this.context.strokeStyle = this.context.fillStyle = '#ffd43d';
    this.context.lineWidth = Math.max(1, this.of.columns / 400);
    for (const [x, y] of this.measuring ? [this.cursor, ...this.points] : []) {
      this.context.strokeRect(x - 3, y - 3, 6, 6);
    }
    if (a && b) {
      this.context.beginPath();
      this.context.moveTo(...a);
      this.context.lineTo(...b);
      this.context.stroke();
    }
  }

  private listen(): void {
    let held: { x: number; y: number; centre: number; width: number } | undefined;
    this.canvas.addEventListener('pointerdown', (e) => {
      if (this.measuring) {
        this.mark(this.place(e));
      } else if (!this.of.colour) {
        held = { x: e.clientX, y: e.clientY, centre: this.centre, width: this.width };
        this.canvas.setPointerCapture(e.pointerId);
      }
    });
    this.canvas.addEventListener('pointermove', (e) => {
      if (held) {
        const step = Math.max(1, this.of.width / 250);
        this.window(held.centre + (e.clientY - held.y) * step, held.width + (e.clientX - held.x) * step);
      }
    });
    this.canvas.addEventListener('pointerup', () => (held = undefined));
    this.canvas.addEventListener('wheel', (e) => {
      if (this.of.frames.length > 1) {
        e.preventDefault();
        void this.show(this.at + Math.sign(e.deltaY));
      }
    }, { passive: false });
    this.canvas.addEventListener('keydown', (e) => this.key(e));
  }

  private key(event: KeyboardEvent): void {
    const moves: Record<string, Point> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const move = moves[event.key];
    if (this.measuring && event.key === 'Enter') {
      this.mark([...this.cursor]);
    } else if (move && this.measuring) {
      const step = event.shiftKey ? 10 : 1;
      this.cursor = [inside(this.cursor[0] + move[0] * step, this.of.columns), inside(this.cursor[1] + move[1] * step, this.of.rows)];
      this.paint();
    } else if (move && this.of.frames.length > 1) {
      void this.show(this.at + move[0] + move[1]);
    } else {
      return;
    }
    event.preventDefault();
  }

  private place(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.of.columns, ((event.clientY - box.top) / box.height) * this.of.rows];
  }

  private mark(point: Point): void {
    this.cursor = point;
    this.points = this.points.length === 2 ? [point] : [...this.points, point];
    const [a, b] = this.points;
    if (a && b) {
      const unit = this.of.spacing ? 'mm' : 'px';
      const doubt = this.of.spacing ? '' : ` (${say('unspaced', this.language)})`;
      this.told.textContent = `${say('length', this.language)}: ${distance(this.of, a, b).toFixed(1)} ${unit}${doubt}`;
    }
    this.paint();
  }
}

const inside = (value: number, size: number): number => Math.max(0, Math.min(size - 1, value));

/** The browser decodes, bounded by what the file said before. */
async function decoded(jpeg: Bytes, of: Series): Promise<Pixels> {
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' })).catch(() => {
    throw new Unshown('broken');
  });
  if (bitmap.width !== of.columns || bitmap.height !== of.rows) {
    throw new Unshown('broken');
  }
  const context = new OffscreenCanvas(of.columns, of.rows).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, of.columns, of.rows);
  const samples = of.colour ? 3 : 1;
  const pixels = new Uint8Array(of.rows * of.columns * samples);
  for (let n = 0, at = 0; at < data.length; at += 4) {
    for (let s = 0; s < samples; s++) {
      pixels[n++] = data[at + s]!;
    }
  }
  return pixels;
}
