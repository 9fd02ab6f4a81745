/** The words of a FHIR narrative (XHTML) and nothing else: markup is never interpreted, only left out. */
const BLOCKS = new Set(['p', 'div', 'br', 'tr', 'li', 'ul', 'ol', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dl', 'dt', 'dd', 'hr', 'pre', 'blockquote', 'caption']);
const CELLS = new Set(['td', 'th']);
const ENTITIES = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"], ['nbsp', ' ']]);

export function words(xhtml: string): string {
  let out = '';
  let at = 0;
  while (at < xhtml.length) {
    const open = xhtml.indexOf('<', at);
    out += decoded(xhtml.slice(at, open < 0 ? xhtml.length : open).replace(/\s+/g, ' '));
    if (open < 0) {
      break;
    }
    const comment = xhtml.startsWith('<!--', open);
    const close = xhtml.indexOf(comment ? '-->' : '>', open);
    if (close < 0) {
      break; // an open tag to the end: nothing of it is text
    }
    const name = /^<\/?([a-zA-Z][a-zA-Z0-9]*)/.exec(xhtml.slice(open, open + 24))?.[1]?.toLowerCase() ?? '';
    out += BLOCKS.has(name) ? '\n' : CELLS.has(name) ? '\t' : '';
    at = close + (comment ? 3 : 1);
  }
  return out.split('\n').map((line) => line.replace(/[ \t]*\t[ \t]*/g, '　').trim()).filter((line) => line !== '').join('\n');
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([a-zA-Z]{1,8}));/g, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) {
      return ENTITIES.get(name) ?? whole;
    }
    const point = decimal !== undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : '';
  });
}
