import { Document, visit } from "yaml";

/** A YAML document with each list on one line, and no references within it. @param comment what stands above it */
export function toYaml(value: unknown, comment: string): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = ` ${comment}`;
  visit(document, {
    Seq: (_, list) => {
      list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
