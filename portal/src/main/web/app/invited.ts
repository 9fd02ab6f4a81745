/**
 * An invitation comes as the address `/enrol#1.…`. What stands behind the `#` is secret: it is taken out of the address, and out
 * of this tab's way back, before anything else runs, and is held here until the page that uses it takes it. The browser's own list
 * of visited pages, and what it shares between devices, may have noted it before any page could run: it is worth nothing after the
 * enrolment or the ticket's end, and without the six digits that the desk compares.
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
