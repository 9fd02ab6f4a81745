/**
 * Images out of DICOM Part 10 files: uncompressed little endian, and baseline JPEG, which the browser itself decodes. Every
 * number out of a file is bounded before memory is taken for it; whatever else a file holds is not looked at.
 */
import dicomParser from 'dicom-parser';
import type { Bytes } from '../crypto/bytes';

export type Pixels = Uint8Array | Int16Array | Uint16Array;
/** @property frames one image each @property spacing millimetres between rows and columns, if the file says so */
export type Series = {
  rows: number; columns: number; frames: Frame[]; colour: boolean; inverted: boolean; slope: number; intercept: number;
  centre: number; width: number; spacing: [row: number, column: number] | undefined; about: string;
};
/** Of 8 bits as a JPEG the browser decodes, else as they are; three samples a pixel in colour. */
export type Frame = { pixels: Pixels } | { jpeg: Bytes };

export class Unshown extends Error {
  constructor(readonly why: 'broken' | 'codec' | 'tooMany') {
    super(why);
  }
}

const MOST_SIDE = 16_384;
const MOST_PIXELS = 64 << 20;
const MOST_FRAMES = 512;
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG = '1.2.840.10008.1.2.4.50';
const T = {
  syntax: 'x00020010', samples: 'x00280002', photometric: 'x00280004', planar: 'x00280006', frames: 'x00280008', rows: 'x00280010', columns: 'x00280011',
  spacing: 'x00280030', imagerSpacing: 'x00181164', allocated: 'x00280100', stored: 'x00280101', signed: 'x00280103', centre: 'x00281050', width: 'x00281051', intercept: 'x00281052',
  slope: 'x00281053', pixels: 'x7fe00010', modality: 'x00080060', date: 'x00080020',
} as const;

type DataSet = dicomParser.DataSet;

/** @throws Unshown */
export function series(content: Bytes): Series {
  try {
    return read(content);
  } catch (e) {
    throw e instanceof Unshown ? e : new Unshown('broken'); // the parser trips over some damaged files
  }
}

function read(content: Bytes): Series {
  const file = dicomParser.parseDicom(content);
  const syntax = file.string(T.syntax) ?? '';
  need([IMPLICIT, EXPLICIT, JPEG].includes(syntax), 'codec');
  const rows = bounded(file.uint16(T.rows), MOST_SIDE);
  const columns = bounded(file.uint16(T.columns), MOST_SIDE);
  const samples = bounded(file.uint16(T.samples) ?? 1, 3);
  const count = bounded(file.intString(T.frames) ?? 1, MOST_FRAMES, 'tooMany');
  need(rows * columns <= MOST_PIXELS && samples !== 2);
  const photometric = (file.string(T.photometric) ?? '').trim();
  need(['MONOCHROME1', 'MONOCHROME2', 'RGB', ...(syntax === JPEG ? ['YBR_FULL_422', 'YBR_FULL'] : [])].includes(photometric), 'codec');
  need((samples === 3) === !photometric.startsWith('MONOCHROME'));
  const form = { rows, columns, samples, count };
  const frames = syntax === JPEG ? encoded(file, content, count) : plain(file, content, form);
  return {
    rows, columns, frames, colour: samples === 3, inverted: photometric === 'MONOCHROME1', ...levels(file, frames[0]!),
    spacing: spacing(file), about: [file.string(T.modality), file.string(T.date)].filter((v) => v && /^[A-Za-z0-9]{1,16}$/.test(v)).join(' '),
  };
}

function need(holds: boolean, why: Unshown['why'] = 'broken'): asserts holds {
  if (!holds) {
    throw new Unshown(why);
  }
}

function bounded(value: number | undefined, most: number, why: Unshown['why'] = 'broken'): number {
  need(value !== undefined && Number.isInteger(value) && value >= 1);
  need(value <= most, why);
  return value;
}

type Form = { rows: number; columns: number; samples: number; count: number };

function plain(file: DataSet, content: Bytes, { rows, columns, samples, count }: Form): Frame[] {
  const allocated = file.uint16(T.allocated) ?? 0;
  const signed = file.uint16(T.signed) === 1;
  need(allocated === 8 || (allocated === 16 && samples === 1), 'codec');
  need(samples === 1 || (file.uint16(T.planar) ?? 0) === 0, 'codec');
  const element = file.elements[T.pixels];
  const each = rows * columns * samples * (allocated / 8);
  need(element !== undefined && element.length >= each * count && element.dataOffset + each * count <= content.length);
  return Array.from({ length: count }, (_, n) => {
    // copied: a file's pixels need not stand at an even place
    const bytes = content.slice(element.dataOffset + n * each, element.dataOffset + (n + 1) * each);
    return { pixels: allocated === 8 ? bytes : signed ? new Int16Array(bytes.buffer) : masked(file, new Uint16Array(bytes.buffer)) };
  });
}

/** Bits above those that are stored may hold anything. */
function masked(file: DataSet, pixels: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const stored = file.uint16(T.stored) ?? 16;
  need(stored >= 1 && stored <= 16);
  return stored === 16 ? pixels : pixels.map((v) => v & ((1 << stored) - 1));
}

function encoded(file: DataSet, content: Bytes, count: number): Frame[] {
  const element = file.elements[T.pixels];
  need(element?.fragments !== undefined && element.fragments.length === count, 'codec');
  return element.fragments.map(({ position, length }) => {
    need(position + length <= content.length);
    return { jpeg: content.slice(position, position + length) };
  });
}

function levels(file: DataSet, first: Frame): Pick<Series, 'slope' | 'intercept' | 'centre' | 'width'> {
  const slope = finite(file.floatString(T.slope)) ?? 1;
  const intercept = finite(file.floatString(T.intercept)) ?? 0;
  let centre = finite(file.floatString(T.centre));
  let width = finite(file.floatString(T.width));
  if (centre === undefined || width === undefined || width < 1) {
    let [least, most] = [0, 255];
    if ('pixels' in first) {
      [least, most] = [Infinity, -Infinity];
      for (const v of first.pixels) {
        least = Math.min(least, v);
        most = Math.max(most, v);
      }
    }
    centre = ((least + most) / 2) * slope + intercept;
    width = Math.max(1, Math.abs((most - least) * slope));
  }
  return { slope: slope === 0 ? 1 : slope, intercept, centre, width };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && Math.abs(value) < 1e9 ? value : undefined;
}

function spacing(file: DataSet): [number, number] | undefined {
  for (const tag of [T.spacing, T.imagerSpacing]) {
    const [row, column] = [finite(file.floatString(tag, 0)), finite(file.floatString(tag, 1))];
    if (row !== undefined && column !== undefined && row > 0 && column > 0 && row < 1000 && column < 1000) {
      return [row, column];
    }
  }
  return undefined;
}

/** Grey values through the window into a picture (PS3.3, C.11.2.1.2). @param into four bytes a pixel */
export function draw(from: Series, pixels: Pixels, centre: number, width: number, into: Uint8ClampedArray): void {
  if (from.colour) {
    for (let n = 0, at = 0; at < into.length; n += 3, at += 4) {
      into[at] = pixels[n]!;
      into[at + 1] = pixels[n + 1]!;
      into[at + 2] = pixels[n + 2]!;
      into[at + 3] = 255;
    }
    return;
  }
  const [low, range] = [centre - 0.5 - (width - 1) / 2, Math.max(width - 1, 1)];
  for (let n = 0, at = 0; at < into.length; n++, at += 4) {
    const level = ((pixels[n]! * from.slope + from.intercept - low) / range) * 255;
    const shown = from.inverted ? 255 - level : level;
    into[at] = shown;
    into[at + 1] = shown;
    into[at + 2] = shown;
    into[at + 3] = 255;
  }
}

/** Between two points, in pixels. @return millimetres where the file says how far pixels are apart */
export function distance(of: Pick<Series, 'spacing'>, a: [number, number], b: [number, number]): number {
  const [row, column] = of.spacing ?? [1, 1];
  return Math.hypot((a[0] - b[0]) * column, (a[1] - b[1]) * row);
}
