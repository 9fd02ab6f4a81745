/** What a file is, by its content and never by its name, and whether it can travel with a letter (room `records`, AttachmentReading). */
import { utf8, type Bytes } from '../../crypto/bytes';
import { must } from './denied';

/** In memory twice, closed and open; more is for the command line. */
export const MOST_BYTES = 256 << 20;
const MOST_TOGETHER = 512 << 20;
const MOST_FILES = 100;
const NAME = /^[^/\\\p{Cc}\p{Cf}]{1,200}$/u;

export type Chosen = { name: string; mediaType: string; size: number; file: File };

/** @throws Refusal `attachment-name`, `attachment-size`, `attachment-unknown`, `attachment-twice`, `attachments-many` */
export async function chosen(files: File[]): Promise<Chosen[]> {
  must('attachments-many', files.length <= MOST_FILES);
  must('attachment-twice', new Set(files.map((f) => f.name)).size === files.length);
  must('attachment-size', files.reduce((sum, f) => sum + f.size, 0) <= MOST_TOGETHER);
  return Promise.all(files.map(one));
}

async function one(file: File): Promise<Chosen> {
  const { name, size } = file;
  must('attachment-name', NAME.test(name) && !name.startsWith('.') && utf8(name).length <= 255);
  must('attachment-size', size <= MOST_BYTES);
  const mediaType = type(new Uint8Array(await file.slice(0, 132).arrayBuffer()));
  must('attachment-unknown', mediaType !== undefined);
  return { name, mediaType, size, file };
}

function type(start: Bytes): string | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...start.subarray(from, to));
  if (ascii(0, 5) === '%PDF-') {
    return 'application/pdf';
  }
  return start.length === 132 && ascii(128, 132) === 'DICM' ? 'application/dicom' : undefined;
}
