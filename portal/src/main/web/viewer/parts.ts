/** Small pieces of pages, made by hand: text only ever becomes text. */
export function part<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string> = {}, ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

export function button(text: string, pressed: () => void): HTMLButtonElement {
  const made = part('button', { type: 'button' }, text);
  made.addEventListener('click', pressed);
  return made;
}

let labels = 0;

/** A slider with its words. */
export function slider(text: string, least: number, most: number, value: number, moved: (value: number) => void): { row: HTMLElement; set: (value: number) => void } {
  const id = `mizuhiki-slider-${labels++}`;
  const input = part('input', { type: 'range', id, min: String(least), max: String(most), step: '1' });
  const shown = part('output', { for: id });
  const set = (next: number) => {
    input.value = String(Math.round(next));
    shown.textContent = String(Math.round(next));
  };
  input.addEventListener('input', () => {
    shown.textContent = input.value;
    moved(Number(input.value));
  });
  set(value);
  return { row: part('div', { class: 'row' }, part('label', { for: id }, text), input, shown), set };
}
