/** The few DOM calls that every panel needs. */

/** The element with this id, checked to be of the given kind: a page that lacks it is a bug. */
export function byId<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} with the id "${id}".`);
  return found;
}

/** A new element with properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** By how much the page's style enlarges what it shows, here: more than 1 on very large screens. */
export function pageScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

/** Has what is drawn in an element fit its size from now on, and made anew where the page's scale changes, which goes into all of it. */
export function followSize(host: Element, resize: () => void, rebuild: () => void): void {
  let scale = pageScale();
  const follow = () => {
    const before = scale;
    scale = pageScale();
    if (scale === before) resize();
    else rebuild();
  };
  new ResizeObserver(follow).observe(host);
}

/** Whether motion may start of itself. */
export function mayMove(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
