import { parseFragment, serialize } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlText = DefaultTreeAdapterTypes.TextNode;

/** Without scripting, so that what stands in `noscript` is seen as the elements that it is. */
export function parseHtml(html: string): HtmlParent {
  return parseFragment(html, { scriptingEnabled: false });
}

export function writeHtml(root: HtmlParent): string {
  return serialize(root, { scriptingEnabled: false });
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node;
}

export function isText(node: HtmlNode): node is HtmlText {
  return node.nodeName === '#text';
}

/** Children, those of a `template` included, which the parser keeps apart. */
function childrenOf(parent: HtmlParent): HtmlNode[] {
  return 'content' in parent ? [...parent.childNodes, ...parent.content.childNodes] : parent.childNodes;
}

/** Every node below `parent` in document order, with a call after the last child of each element. */
export function walk(
  parent: HtmlParent,
  enter: (node: HtmlNode) => void,
  leave: (node: HtmlNode) => void = () => {},
): void {
  for (const node of childrenOf(parent)) {
    enter(node);
    if (isElement(node)) walk(node, enter, leave);
    leave(node);
  }
}

/** Takes the nodes that `unwanted` names out of the tree, with all that is in them; says how many. */
export function removeElements(parent: HtmlParent, unwanted: (element: HtmlElement) => boolean): number {
  let removed = 0;
  const homes: HtmlParent[] = 'content' in parent ? [parent, parent.content] : [parent];
  for (const home of homes) {
    home.childNodes = home.childNodes.filter((node) => {
      if (!isElement(node)) return true;
      if (unwanted(node)) {
        removed += 1;
        return false;
      }
      removed += removeElements(node, unwanted);
      return true;
    });
  }
  return removed;
}
