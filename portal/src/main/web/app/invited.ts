/**
 * An invitation comes as the address `/enrol#1.…`. What stands behind the `#` is secret: it is taken out of the address, and so
 * out of the browser's history, before anything else runs, and is held here until the page that uses it takes it.
 */
const FORM = /^#1\.[A-Za-z0-9_.-]{1,200}$/;

let kept = '';

if (location.pathname === '/enrol') {
  kept = FORM.test(location.hash) ? location.hash : '';
  history.replaceState(null, '', '/portal#/enrol');
}

/** Once. Empty when there is none. */
export function invitation(): string {
  const taken = kept;
  kept = '';
  return taken;
}
