// Shapes of SVG.
const NAMESPACE = "http://www.w3.org/2000/svg";

/** Adds a shape to a drawing. @param {Element} parent @param {string} name @param {Record<string, string | number>} attributes */
export function add(parent, name, attributes) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  parent.append(node);
  return node;
}
