/** What a file is, by its content: a name or a media type proves nothing. */
import type { Bytes } from '../crypto/bytes';

export type Kind = 'pdf' | 'dicom' | 'png' | 'jpeg' | 'fhir';

const MAX_TEXT = 20 << 20;

/** @return undefined for what is not shown */
export function kind(content: Bytes): Kind | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...content.subarray(from, to));
  if (ascii(0, 5) === '%PDF-') {
    return 'pdf';
  }
  if (content.length > 132 && ascii(128, 132) === 'DICM') {
    return 'dicom';
  }
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') {
    return 'png';
  }
  if (content[0] === 0xff && content[1] === 0xd8 && content[2] === 0xff) {
    return 'jpeg';
  }
  return isFhir(content) ? 'fhir' : undefined;
}

function isFhir(content: Bytes): boolean {
  try {
    const found: unknown = content.length <= MAX_TEXT ? JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) : undefined;
    return typeof found === 'object' && found !== null && (found as { resourceType?: unknown }).resourceType === 'Bundle';
  } catch {
    return false;
  }
}
