/** XML elements that know where they stand, so that every error names file, element, attribute, value and expectation. */

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { InputError } from "../errors.js";

export interface XmlElement {
  readonly tag: string;
  /** Where the element stands, for messages: `a1.urdf: link "trunk" > inertial > mass`. */
  readonly place: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

/** What fast-xml-parser yields for one node with `preserveOrder`: its tag with its children, and ":@" with its attributes. */
type OrderedNode = Record<string, unknown>;

/** Parses one document; `fileName` only serves the messages. Throws InputError on anything but one well-formed root. */
export function parseXml(text: string, fileName: string): XmlElement {
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) {
    const { line, msg } = verdict.err;
    throw new InputError(`${fileName}: malformed XML in line ${line}: ${oneLine(msg)}`);
  }
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    parseTagValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const roots = parseNodes(parser, text, fileName).filter((node) => tagOf(node) !== undefined);
  if (roots.length !== 1) {
    throw new InputError(`${fileName}: expected one root element, found ${roots.length}`);
  }
  return toElement(roots[0], `${fileName}: `);
}

/** The parser refuses what the validator lets pass: elements nested without end, names such as __proto__. */
function parseNodes(parser: XMLParser, text: string, fileName: string): OrderedNode[] {
  try {
    return parser.parse(text);
  } catch (error) {
    throw new InputError(`${fileName}: refused XML: ${oneLine(String(error))}`, { cause: error });
  }
}

function toElement(node: OrderedNode, prefix: string): XmlElement {
  const tag = tagOf(node)!;
  const attributes = (node[":@"] ?? {}) as Record<string, string>;
  const place = prefix + (attributes.name === undefined ? tag : `${tag} ${quote(attributes.name)}`);
  // The root's children need no mention of it.
  const childPrefix = prefix.endsWith(": ") && tag === "robot" ? prefix : `${place} > `;
  const nodes = (node[tag] as OrderedNode[]).filter((child) => tagOf(child) !== undefined);
  return { tag, place, attributes, children: nodes.map((child) => toElement(child, childPrefix)) };
}

function tagOf(node: OrderedNode): string | undefined {
  return Object.keys(node).find((key) => key !== ":@" && key !== "#text");
}

export function childrenOf(parent: XmlElement, tag: string): XmlElement[] {
  return parent.children.filter((child) => child.tag === tag);
}

/** The only child with this tag, or undefined. */
export function optionalChild(parent: XmlElement, tag: string): XmlElement | undefined {
  const found = childrenOf(parent, tag);
  if (found.length > 1) throw new InputError(`${parent.place}: expected one <${tag}>, found ${found.length}`);
  return found[0];
}

export function requiredChild(parent: XmlElement, tag: string): XmlElement {
  const child = optionalChild(parent, tag);
  if (!child) throw new InputError(`${parent.place}: element <${tag}> is missing`);
  return child;
}

export function textAttribute(element: XmlElement, name: string): string {
  const value = element.attributes[name];
  if (value === undefined || value === "") throw new InputError(`${element.place}: attribute "${name}" is missing`);
  return value;
}

/** What a number must satisfy, and how a message says so. */
export interface NumberRule {
  readonly expected: string;
  readonly holds: (value: number) => boolean;
}

export const ANY_NUMBER: NumberRule = { expected: "a finite number", holds: () => true };
export const POSITIVE: NumberRule = { expected: "a number > 0", holds: (value) => value > 0 };
export const NOT_NEGATIVE: NumberRule = { expected: "a number >= 0", holds: (value) => value >= 0 };

export function numberAttribute(element: XmlElement, name: string, rule: NumberRule = ANY_NUMBER): number {
  const text = textAttribute(element, name);
  const value = parseNumber(text);
  if (value === undefined || !rule.holds(value)) throw badAttribute(element, name, rule.expected);
  return value;
}

/** Three numbers separated by white space, or `fallback` where the attribute is absent. */
export function vectorAttribute(
  element: XmlElement,
  name: string,
  fallback: readonly [number, number, number] | undefined,
  rule: NumberRule = ANY_NUMBER,
): readonly [number, number, number] {
  if (fallback && element.attributes[name] === undefined) return fallback;
  const parts = textAttribute(element, name).trim().split(/\s+/).map(parseNumber);
  const valid = parts.filter((part) => part !== undefined && rule.holds(part)) as number[];
  if (parts.length !== 3 || valid.length !== 3) throw badAttribute(element, name, `three of: ${rule.expected}`);
  return [valid[0], valid[1], valid[2]];
}

export function badAttribute(element: XmlElement, name: string, expected: string): InputError {
  const value = element.attributes[name] ?? "";
  return new InputError(`${element.place}: ${name}=${quote(value)}, expected ${expected}`);
}

/** Quotes a value on one line, shortened where it is long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Plain decimal notation only; what does not fit into a 32-bit float counts as infinite, as models are stored in those. */
function parseNumber(text: string): number | undefined {
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(Math.fround(value)) ? value : undefined;
}
