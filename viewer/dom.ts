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

/** A button that is pressed or not, as assistive technology reads it. */
export function bindToggle(button: HTMLButtonElement, initially: boolean, onChange: (pressed: boolean) => void): void {
  const set = (pressed: boolean) => {
    button.setAttribute("aria-pressed", String(pressed));
    onChange(pressed);
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-pressed") !== "true"));
  set(initially);
}

/** Whether motion may start of itself. */
export function mayMove(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
