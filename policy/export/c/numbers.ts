/** Numbers and arrays in C's notation, none of their bits lost. */

const COLUMNS = 118;

/** The shortest decimal that is read as the same double. */
export function double(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The shortest decimal of at most nine digits that is read as the same float. */
export function float(value: number): string {
  return `${double(Number(Math.fround(value).toPrecision(9)))}f`;
}

export function floatArray(name: string, values: ArrayLike<number>): string {
  return array("float", name, Array.from(values, float));
}

export function doubleArray(name: string, values: ArrayLike<number>): string {
  return array("double", name, Array.from(values, double));
}

function array(type: string, name: string, items: readonly string[]): string {
  return `static const ${type} ${name}[${items.length}] = {\n${wrap(items)}\n};\n`;
}

/** Comma-separated items in lines of a page's width. */
function wrap(items: readonly string[]): string {
  const lines: string[] = [];
  let line = " ";
  for (const item of items) {
    if (line.length + item.length + 2 > COLUMNS) {
      lines.push(line);
      line = " ";
    }
    line += ` ${item},`;
  }
  return [...lines, line].join("\n");
}

/** `#define` of a number or of another constant. A minus needs parentheses to survive any expression. */
export function define(name: string, value: string, comment = ""): string {
  const safe = value.startsWith("-") ? `(${value})` : value;
  return `#define ${name} ${safe}${comment ? ` /* ${comment} */` : ""}\n`;
}
