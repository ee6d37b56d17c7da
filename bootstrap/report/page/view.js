// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Views of files: texts by line, binaries by byte. Only the rows that are seen are in the page.

const kRowHeight = 20;
const kBeyond = 8;  // rows drawn above and below

/// A box of `rows` rows of which `draw(row)` makes one. Returns the box and ways to move it.
function rowsView(rows, label, draw) {
  const fill = el('div', { class: 'fill' });
  const box = el('div', { class: 'scroll mono', tabindex: 0, role: 'group', 'aria-label': label }, fill);
  fill.style.height = rows * kRowHeight + 'px';
  box.style.height = rows * kRowHeight + 20 + 'px';  // with room for a bar below
  let first = -1;
  let last = -1;
  const redraw = (force) => {
    const top = Math.max(0, Math.floor(box.scrollTop / kRowHeight) - kBeyond);
    const bottom = Math.min(rows, Math.ceil((box.scrollTop + box.clientHeight) / kRowHeight) + kBeyond);
    if (!force && top >= first && bottom <= last) return;
    first = Math.max(0, top - 40);
    last = Math.min(rows, bottom + 40);
    const lines = [];
    for (let row = first; row < last; ++row) {
      const line = draw(row);
      line.style.top = row * kRowHeight + 'px';
      lines.push(line);
    }
    fill.replaceChildren(...lines);
  };
  box.addEventListener('scroll', () => redraw(false));
  new ResizeObserver(() => redraw(false)).observe(box);
  const show = (row) => {
    const at = row * kRowHeight;
    if (at < box.scrollTop + kRowHeight || at > box.scrollTop + box.clientHeight - 3 * kRowHeight)
      box.scrollTop = Math.max(0, at - box.clientHeight / 3);
    redraw(true);
  };
  return { box, redraw: () => redraw(true), show };
}

/// A text; line `lit` (from 1) is lit. Returns the box; `light` lights another line.
function textView(bytes, label, lit) {
  const starts = lineStarts(bytes);
  const view = rowsView(starts.length, label, (row) => {
    const end = row + 1 < starts.length ? starts[row + 1] : bytes.length;
    return el('div', { class: 'line' + (row + 1 === lit ? ' lit' : ''), 'aria-current': row + 1 === lit },
      el('span', { class: 'at' }, String(row + 1)), asText(bytes.subarray(starts[row], end)).replace(/\n$/, ''));
  });
  const light = (line) => {
    lit = line;
    view.show(line - 1);
  };
  requestAnimationFrame(() => (lit ? light(lit) : view.redraw()));
  return { box: view.box, light };
}

/// A binary. `other`: the other road's version, or null. `choose(offset)` is called when a byte is chosen.
function hexView(bytes, other, label, choose) {
  const wide = window.matchMedia('(min-width: 48rem)').matches;
  const width = wide ? 16 : 8;
  let chosen = -1;
  let run = [0, 0];
  const length = Math.max(bytes.length, 1);
  const view = rowsView(Math.ceil(length / width), label, (row) => {
    const line = el('div', { class: 'line' }, el('span', { class: 'at' }, hex(row * width, 6)));
    let ascii = '';
    for (let at = row * width; at < Math.min((row + 1) * width, bytes.length); ++at) {
      const byte = bytes[at];
      const kind = 'byte' + (at === chosen ? ' chosen' : at >= run[0] && at < run[1] ? ' run' : '') +
        (other !== null && other[at] !== byte ? ' apart' : '');
      line.append(el('span', { class: kind, 'data-at': at }, hex(byte, 2)));
      ascii += byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.';
    }
    line.append(el('span', { class: 'ascii' }, ascii));
    return line;
  });
  const go = (offset) => {
    chosen = Math.min(Math.max(offset, 0), bytes.length - 1);
    run = [chosen, chosen + 1];
    view.show(Math.floor(chosen / width));
    choose(chosen);
  };
  view.box.addEventListener('click', (event) => {
    const at = event.target.dataset.at;
    if (at !== undefined) go(Number(at));
  });
  view.box.addEventListener('keydown', (event) => {
    const page = width * 16;
    const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width, PageUp: -page, PageDown: page,
      Home: -Infinity, End: Infinity };
    if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(chosen < 0 ? 0 : chosen + moves[event.key]);
  });
  requestAnimationFrame(() => view.redraw());
  return { box: view.box, go, light: (begin, end) => { run = [begin, end]; view.redraw(); } };
}

/// One hop of a trail: where, and the text there.
function hopItem(hop, line, text, now, open) {
  const place = hop.path + (line ? ':' + line : '');
  const length = hop.end - hop.begin;
  return el('li', { class: now ? 'now' : '' },
    el('button', { class: 'link mono', onclick: open }, place), ' ',
    el('span', { class: 'soft' }, hop.kind + ', ' + sizeText(length)),
    text === null ? null : el('code', {}, text));
}

/// The trail of a byte in `list`, the source where it ends in `pane`; unless another byte was chosen meanwhile.
async function showTrail(chain, product, offset, list, pane, light, isChosen) {
  const { hops, end } = await trailOf(chain, product, offset);
  const openHop = async (hop, line) => {
    const info = fileInfo(hop.digest);
    if (info === null || info.binary) return;
    pane.replaceChildren(el('p', { class: 'soft mono' }, hop.path),
      textView(await fileBytes(hop.digest), hop.path, line).box);
  };
  const items = [];
  let last = null;
  for (const hop of hops) {
    const info = fileInfo(hop.digest);
    let line = 0;
    let text = null;
    if (info !== null && !info.binary) {
      const bytes = await fileBytes(hop.digest);
      const starts = lineStarts(bytes);
      line = lastNotAbove(starts, hop.offset) + 1;
      const until = line < starts.length ? starts[line] : bytes.length;
      text = asText(bytes.subarray(starts[line - 1], Math.min(until, starts[line - 1] + 400))).trim();
    }
    const at = line;
    items.push(hopItem(hop, line, text, false, () => openHop(hop, at)));
    last = [hop, at];
  }
  if (!isChosen()) return;
  if (items.length > 0) items[items.length - 1].className = 'now';
  if (end !== '') items.push(el('li', { class: 'soft' }, end));
  if (items.length === 0) items.push(el('li', { class: 'soft' }, 'Nothing is known of where this byte comes from.'));
  list.replaceChildren(...items);
  if (hops.length > 0) light(hops[0].begin, hops[0].end);
  if (last !== null && last[1] !== 0) await openHop(last[0], last[1]); else pane.replaceChildren();
}

/// The whole view of a file: `file` has path, sha256 and maybe the digest of the other road's version.
async function fileView(chain, file, offset, line) {
  const info = fileInfo(file.sha256);
  if (info === null) return el('p', { class: 'soft' }, 'The page does not carry this file.');
  const bytes = await fileBytes(file.sha256);
  const title = el('h3', {}, el('span', { class: 'mono' }, file.path), ' ',
    el('span', { class: 'soft' }, sizeText(info.size) + (file.road ? ', ' + file.road : '')));
  if (!info.binary)
    return el('div', { class: 'view' }, title, textView(bytes, file.path, line || 0).box);
  const other = file.other && fileInfo(file.other) ? await fileBytes(file.other) : null;
  const product = productOf(chain, file.sha256, file.path);
  const list = el('ol', { class: 'trail', 'aria-live': 'polite' },
    el('li', { class: 'soft' }, product === null ? 'The reference road has no such file: no trail.'
      : 'Choose a byte: click, or the arrow keys.'));
  const pane = el('div', {});
  const status = el('span', { class: 'soft mono' });
  let chosen = -1;
  const view = hexView(bytes, other, 'Bytes of ' + file.path, (at) => {
    chosen = at;
    status.textContent = 'offset 0x' + hex(at, 1) + ', byte ' + hex(bytes[at], 2) +
      (other !== null ? ', other road ' + (at < other.length ? hex(other[at], 2) : 'nothing') : '');
    if (product !== null) showTrail(chain, product, at, list, pane, view.light, () => chosen === at);
  });
  const where = el('input', { type: 'text', size: 10, placeholder: '0x60', 'aria-label': 'offset in the file' });
  const form = el('form', { class: 'bar', onsubmit: (event) => {
    event.preventDefault();
    const at = Number(where.value);
    if (where.value !== '' && Number.isInteger(at)) view.go(at);
  } }, el('label', {}, 'Offset ', where), el('button', { type: 'submit' }, 'Go'), status);
  if (offset !== undefined) requestAnimationFrame(() => view.go(offset));
  return el('div', { class: 'view' }, title, form,
    el('div', { class: 'panes' }, view.box, el('div', {}, list, pane)));
}
