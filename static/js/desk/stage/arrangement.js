// Into how many columns frames are put so that their pictures are as large as can be. Knows nothing of the page.

/**
 * @param {number} count how many frames
 * @param {{ width: number, height: number }} room for all of them
 * @param {number} shape width of a picture over its height
 * @returns {number} columns; of two that serve the pictures equally the one with fewer empty places
 */
export function columnsFor(count, room, shape) {
  let best = { columns: 1, width: -1, empty: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = Math.min(room.width / columns, (room.height / rows) * shape);
    const empty = columns * rows - count;
    const isBetter = width > best.width * 1.001 || (width > best.width * 0.999 && empty < best.empty);
    if (isBetter) best = { columns, width, empty };
  }
  return best.columns;
}
