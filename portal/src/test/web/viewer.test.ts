import { describe, expect, test } from 'vitest';
import { distance, draw, series, Unshown, type Series } from '../../main/web/viewer/dicom';
import { kind } from '../../main/web/viewer/kind';
import { bent } from './region';

type Value = number | string | Uint8Array<ArrayBuffer>;

/** A DICOM file, explicit little endian, of these elements. */
function dicom(elements: [tag: number, vr: string, value: Value][], syntax = '1.2.840.10008.1.2.1'): Uint8Array<ArrayBuffer> {
  const meta = element(0x00020010, 'UI', syntax.length % 2 === 0 ? syntax : `${syntax}\0`);
  const parts = [new Uint8Array(128), new TextEncoder().encode('DICM'), element(0x00020000, 'UL', meta.length), meta, ...elements.map((e) => element(...e))];
  return Uint8Array.from(Buffer.concat(parts));
}

function element(tag: number, vr: string, value: Value): Uint8Array<ArrayBuffer> {
  const content = typeof value === 'number' ? number(vr, value) : typeof value === 'string' ? new TextEncoder().encode(value.length % 2 === 0 ? value : `${value} `) : value;
  const long = ['OB', 'OW'].includes(vr);
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  [...vr].forEach((c, n) => head.setUint8(4 + n, c.charCodeAt(0)));
  long ? head.setUint32(8, content.length, true) : head.setUint16(6, content.length, true);
  return Uint8Array.from(Buffer.concat([new Uint8Array(head.buffer), content]));
}

function number(vr: string, value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(vr === 'UL' ? 4 : 2));
  vr === 'UL' ? view.setUint32(0, value, true) : view.setUint16(0, value, true);
  return new Uint8Array(view.buffer);
}

const pixels = new Uint8Array(new Int16Array([-1000, 0, 40, 1000, 0, 0, 0, 0]).buffer);
const ct = (change: Record<number, Value> = {}, syntax?: string) => {
  const all: [number, string, Value][] = [
    [0x00080060, 'CS', 'CT'], [0x00280002, 'US', 1], [0x00280004, 'CS', 'MONOCHROME2'], [0x00280008, 'IS', '2'], [0x00280010, 'US', 2], [0x00280011, 'US', 2],
    [0x00280030, 'DS', '0.5\\0.25'], [0x00280100, 'US', 16], [0x00280101, 'US', 16], [0x00280103, 'US', 1], [0x00281050, 'DS', '40'], [0x00281051, 'DS', '400'],
    [0x00281052, 'DS', '0'], [0x00281053, 'DS', '1'], [0x7fe00010, 'OW', pixels],
  ];
  return dicom(all.map(([tag, vr, value]) => [tag, vr, change[tag] ?? value]), syntax);
};
const why = (work: () => unknown): string => {
  try {
    work();
    return 'shown';
  } catch (e) {
    return e instanceof Unshown ? e.why : `thrown: ${String(e)}`;
  }
};

describe('an image', () => {
  test('is read with its frames, window and spacing', () => {
    const read = series(ct());
    expect(read).toMatchObject({ rows: 2, columns: 2, centre: 40, width: 400, spacing: [0.5, 0.25], about: 'CT', colour: false, inverted: false });
    expect(read.frames).toHaveLength(2);
    expect([...(read.frames[0] as { pixels: Int16Array }).pixels]).toEqual([-1000, 0, 40, 1000]);
  });

  test('is drawn through its window: black below, white above, grey in the middle', () => {
    const read = series(ct());
    const into = new Uint8ClampedArray(16);
    const frame = (read.frames[0] as { pixels: Int16Array }).pixels;
    draw(read, frame, 40, 400, into);
    expect([into[0], into[12], into[3]]).toEqual([0, 255, 255]);
    expect(Math.abs(into[8]! - 128)).toBeLessThan(2);
    draw({ ...read, inverted: true }, frame, 40, 400, into);
    expect([into[0], into[12]]).toEqual([255, 0]);
  });

  test('is measured in millimetres, or in pixels where the file says nothing', () => {
    const spaced: Pick<Series, 'spacing'> = { spacing: [0.5, 0.25] };
    expect(distance(spaced, [0, 0], [4, 0])).toBe(1);
    expect(distance(spaced, [0, 0], [0, 4])).toBe(2);
    expect(distance({ spacing: undefined }, [0, 0], [3, 4])).toBe(5);
  });

  test('takes no memory for what a file only promises', () => {
    expect(why(() => series(ct({ 0x00280010: 60_000 })))).toBe('broken');
    expect(why(() => series(ct({ 0x00280010: 16_000, 0x00280011: 16_000 })))).toBe('broken');
    expect(why(() => series(ct({ 0x00280008: '100000' })))).toBe('tooMany');
    expect(why(() => series(ct({ 0x00280008: '3' })))).toBe('broken');
    expect(why(() => series(ct({ 0x00280010: 0 })))).toBe('broken');
    expect(why(() => series(ct({ 0x00280100: 32 })))).toBe('codec');
    expect(why(() => series(ct({}, '1.2.840.10008.1.2.4.90')))).toBe('codec');
    expect(why(() => series(ct({ 0x00280004: 'PALETTE COLOR' })))).toBe('codec');
    expect(why(() => series(new Uint8Array(200)))).toBe('broken');
  });

  test('cut off anywhere, or with any bit bent, is shown or refused, and nothing else', () => {
    const whole = ct();
    for (let size = 0; size < whole.length; size += 3) {
      expect(['broken', 'codec', 'tooMany']).toContain(why(() => series(whole.slice(0, size))));
    }
    for (const one of bent(whole, 400)) {
      expect(['shown', 'broken', 'codec', 'tooMany']).toContain(why(() => series(one)));
    }
  });
});

describe('a file', () => {
  const text = (words: string) => new TextEncoder().encode(words);

  test('is what it holds, not what it is called', () => {
    expect(kind(text('%PDF-1.7'))).toBe('pdf');
    expect(kind(ct())).toBe('dicom');
    expect(kind(text('{"resourceType":"Bundle","type":"document"}'))).toBe('fhir');
  });

  test('of any other kind is not shown', () => {
    for (const other of ['<html><script>1</script></html>', '<svg xmlns="http://www.w3.org/2000/svg"/>', '{"resourceType":"Patient"}', '', 'GIF89a', '[1]', 'null']) {
      expect(kind(text(other))).toBeUndefined();
    }
  });
});
