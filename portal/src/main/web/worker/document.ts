/** What a page shows of a FHIR document: texts only. A document of any other form shows less, never more. */
import { text, type Bytes } from '../crypto/bytes';
import { words } from './narrative';

export type Section = { title: string; text: string; sections: Section[] };
export type Document = { title: string; date: string; patient: string; sections: Section[] };

type Node = { [name: string]: unknown };
const MAX_DEPTH = 8;
const MAX_TEXT = 100_000;

export function document(content: Bytes): Document {
  const bundle = parsed(content);
  const resources = list(bundle.entry).map((e) => node(e.resource));
  const composition = resources.find((r) => r.resourceType === 'Composition') ?? {};
  const patient = resources.find((r) => r.resourceType === 'Patient') ?? {};
  return {
    title: string(composition.title), date: string(composition.date), patient: name(patient),
    sections: sections(composition.section, 0),
  };
}

function parsed(content: Bytes): Node {
  try {
    return node(JSON.parse(text(content)));
  } catch {
    return {};
  }
}

function sections(value: unknown, depth: number): Section[] {
  if (depth > MAX_DEPTH) {
    return [];
  }
  return list(value).map((s) => ({
    title: string(s.title), text: words(string(node(s.text).div)), sections: sections(s.section, depth + 1),
  })).filter((s) => s.title !== '' || s.text !== '' || s.sections.length > 0);
}

/** The name as it is written; its reading is left to the letter. */
function name(patient: Node): string {
  const names = list(patient.name);
  const written = names.find((n) => list(n.extension).some((e) => e.valueCode === 'IDE')) ?? names[0] ?? {};
  const given = Array.isArray(written.given) ? written.given.map(string) : [];
  return string(written.text) || [string(written.family), ...given].filter((part) => part !== '').join(' ');
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function list(value: unknown): Node[] {
  return Array.isArray(value) ? value.slice(0, 2_000).map(node) : [];
}

function string(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}
