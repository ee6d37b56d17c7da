// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a byte back through every file that it was made of. A product's pieces say one step back; the next is
// taken from the pieces of the file that they lead to.

const piecesRead = new Map();

/// The pieces of a product, as columns; null if the page does not carry them.
async function piecesOf(chain, product) {
  const id = 'p-' + chain + '-' + product;
  if (!piecesRead.has(id)) {
    const bytes = await blob(id);
    piecesRead.set(id, bytes === null ? null : readPieces(bytes));
  }
  return piecesRead.get(id);
}

function readPieces(bytes) {
  const numbers = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte < 128) {
      numbers.push(value);
      value = 0;
      scale = 1;
    }
  }
  const difference = (number) => (number % 2 === 0 ? number / 2 : -(number + 1) / 2);
  const count = numbers.length / 5;
  const pieces = { begin: [], end: [], from: [], offset: [], length: [], kind: [] };
  let at = 0;
  let from = 0;
  let offset = 0;
  for (let piece = 0; piece < count; ++piece) {
    pieces.begin.push(at);
    at += numbers[piece];
    pieces.end.push(at);
    from += difference(numbers[count + piece]);
    pieces.from.push(from - 1);
    offset += difference(numbers[2 * count + piece]);
    pieces.offset.push(offset);
    pieces.length.push(numbers[3 * count + piece]);
    offset += numbers[3 * count + piece];
    pieces.kind.push(['made', 'copied', 'unknown'][numbers[4 * count + piece]]);
  }
  return pieces;
}

/// The product of a chain with this content; that of the same path if there are several.
function productOf(chain, digest, path) {
  const trails = index.trails[chain];
  if (trails === undefined) return null;
  const all = Object.keys(trails.products).filter((id) => trails.products[id].sha256 === digest);
  return all.find((id) => trails.products[id].path === path) || all[0] || null;
}

const kMostHops = 40;

/// Hops from the byte at `offset`: each with the file, where in it, and the bytes of the file before that were made
/// of it. `end` says how the trail ends.
async function trailOf(chain, product, offset) {
  const hops = [];
  let file = product;
  while (hops.length < kMostHops) {
    const pieces = await piecesOf(chain, file);
    if (pieces === null || pieces.begin.length === 0) break;
    const piece = lastNotAbove(pieces.begin, offset);
    if (offset >= pieces.end[piece]) break;
    const kind = pieces.kind[piece];
    if (pieces.from[piece] < 0)
      return { hops, end: kind === 'unknown' ? 'what it was made from is not known' : 'no line: the tool writes it by itself' };
    const within = offset - pieces.begin[piece];
    file = String(pieces.from[piece]);
    offset = pieces.offset[piece] + (kind === 'copied' ? within : 0);
    const named = index.trails[chain].products[file];
    hops.push({
      path: named.path, digest: named.sha256, offset, length: kind === 'copied' ? 1 : pieces.length[piece],
      begin: pieces.begin[piece], end: pieces.end[piece], kind,
    });
  }
  return { hops, end: '' };
}
