/** A flat record of named texts with exactly one encoding (RFC 8785), as the room `house` writes it. */
import { equal, hex, text, utf8, type Bytes } from './bytes';
import { no } from './refusal';
import { sha256 } from './hash';

const MAX_BYTES = 1 << 20;

export type Fields = ReadonlyMap<string, string>;

export function fields(record: Record<string, string>): Fields {
  return new Map(Object.entries(record));
}

export function encode(record: Fields): Bytes {
  const keys = [...record.keys()].sort();
  const members = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(record.get(key))}`);
  return utf8(`{${members.join(',')}}`);
}

/** Reads an encoding and refuses every other spelling of the same record. */
export function decode(encoded: Uint8Array): Fields {
  const read = encoded.length <= MAX_BYTES ? parsed(encoded) : undefined;
  if (!read || !equal(encode(read), encoded)) {
    throw no('record-malformed');
  }
  return read;
}

function parsed(encoded: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text(encoded));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return undefined;
    }
    const entries = Object.entries(value);
    return entries.every(([, v]) => typeof v === 'string') ? new Map(entries) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Refusal `record-malformed` when there is no such field */
export function get(record: Fields, key: string): string {
  const value = record.get(key);
  if (value === undefined) {
    throw no('record-malformed');
  }
  return value;
}

/** SHA-256 of the encoding, in hexadecimal: a statement's ID. */
export function digest(record: Fields): string {
  return hex(sha256(encode(record)));
}
