// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain as a graph: a row a seed or step, and arcs from who made a file to who reads or runs it; and one step in
// all its detail.

const kGraphRow = 28;
const kGraphWidth = 70;

/// Rows and arcs of a chain.
function graphOf(chain) {
  const rows = chain.sources.filter((source) => source.kind !== 'text').map((source) => ({ seed: source }));
  const makers = new Map(rows.map((row, at) => [row.seed.path, at]));
  const arcs = [];
  for (const step of chain.steps) {
    const to = rows.length;
    const reads = new Set([step.program, ...step.inputs.map((input) => input.path)]);
    for (const path of reads) if (makers.has(path)) arcs.push([makers.get(path), to]);
    rows.push({ step });
    for (const output of step.outputs) makers.set(output.path, to);
  }
  return { rows, arcs };
}

function svgElement(tag, properties) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  return element;
}

function drawGraph(graph) {
  const svg = svgElement('svg', { width: kGraphWidth, height: graph.rows.length * kGraphRow, 'aria-hidden': 'true' });
  const y = (row) => row * kGraphRow + kGraphRow / 2;
  const x = kGraphWidth - 8;
  for (const arc of graph.arcs) {
    const [from, to] = arc;
    const bulge = Math.min(kGraphWidth - 12, 6 + Math.sqrt(to - from) * 9);
    arc.path = svgElement('path', { class: 'arc', d: `M${x} ${y(from)} C${x - bulge} ${y(from)} ${x - bulge} ${y(to)} ${x} ${y(to)}` });
    svg.append(arc.path);
  }
  graph.rows.forEach((row, at) => {
    svg.append(svgElement('circle', { class: 'dot ' + (row.seed ? row.seed.kind : row.step.verdict), cx: x, cy: y(at), r: 4.5 }));
  });
  return svg;
}

const commandLine = (step) => step.argv.join(' ');
const rowText = (row) => {
  if (row.seed) return row.seed.path;
  return row.step.outputs.length > 0 ? row.step.outputs.map((output) => output.path).join(', ') : commandLine(row.step);
};

/// The list with its graph; `choose(row)` is called for the row that is chosen.
function chainView(chain, choose) {
  const graph = graphOf(chain);
  const buttons = graph.rows.map((row, at) => el('button', { class: 'row', role: 'option', tabindex: -1, onclick: () => select(at, true),
    title: row.step ? commandLine(row.step) : row.seed.path },
    el('span', { class: 'number' }, row.step ? String(row.step.index + 1) : ''),
    el('span', { class: 'role' }, row.step ? row.step.role : row.seed.kind),
    el('span', { class: 'what mono' }, el('bdi', {}, rowText(row))),
    row.step && row.step.verdict !== 'equal' ? mark(row.step.verdict) : null));
  const list = el('div', { class: 'rows', role: 'listbox', 'aria-label': 'Steps of ' + chain.arch }, drawGraph(graph), buttons);
  const box = el('div', { class: 'card chain' }, list);
  let selected = -1;
  function select(at, told) {
    if (selected >= 0) {
      buttons[selected].setAttribute('aria-selected', 'false');
      buttons[selected].tabIndex = -1;
    }
    selected = at;
    buttons[at].setAttribute('aria-selected', 'true');
    buttons[at].tabIndex = 0;
    for (const arc of graph.arcs)
      arc.path.setAttribute('class', 'arc' + (arc[1] === at ? ' made' : arc[0] === at ? ' used' : ''));
    requestAnimationFrame(() => {  // when the box has its size
      const top = at * kGraphRow;
      const below = window.innerHeight - box.getBoundingClientRect().top;  // as far as the window shows it
      const height = below > 4 * kGraphRow ? Math.min(box.clientHeight, below) : box.clientHeight;
      if (top < box.scrollTop || top > box.scrollTop + height - 2 * kGraphRow)
        box.scrollTop = Math.max(0, top - height / 2);
    });
    if (told) choose(graph.rows[at]);
  }
  list.addEventListener('keydown', (event) => {
    const moves = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15, Home: -Infinity, End: Infinity };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const at = Math.min(Math.max(selected + moves[event.key], 0), graph.rows.length - 1);
    select(at, true);
    buttons[at].focus();
  });
  const rowOf = (step) => graph.rows.findIndex((row) => row.step === step);
  if (buttons.length > 0) buttons[0].tabIndex = 0;
  return { box, selectStep: (step) => select(rowOf(step), true), graph };
}

/// What each road has; one line where it is the same.
function digestsCell(seed, reference) {
  const line = (road, file) => el('div', {}, el('span', { class: 'soft' }, road + ': '), file ? file.sha256 : 'nothing');
  const same = seed && reference && seed.sha256 === reference.sha256;
  return el('td', { class: 'mono digest' }, same ? line('both roads', seed)
    : [line('seed road', seed), line('reference road', reference)]);
}

function filesTable(heads, rows) {
  return el('div', { class: 'wide' }, el('table', { class: 'files' },
    el('thead', {}, el('tr', {}, heads.map((head) => el('th', {}, head)))), el('tbody', {}, rows)));
}

/// The step that made a file before `step`; null: it lies in the tree.
function makerBefore(chain, step, path) {
  for (let at = step.index - 1; at >= 0; --at)
    if (chain.steps[at].outputs.some((output) => output.path === path)) return chain.steps[at];
  return null;
}

function placeText(place) {
  return el('div', {}, el('span', { class: 'mono' }, place.file + ':' + place.line + ':' + place.column),
    el('pre', {}, place.text));
}

function failurePart(step) {
  const parts = [];
  if (step.failure) {
    parts.push(el('p', {}, 'The program ' + step.failure.message + '.'));
    if (step.failure.source) parts.push(el('p', {}, 'Its instruction was made from'), placeText(step.failure.source));
    for (const [what, text] of [['standard error', step.failure.standard_error], ['standard output', step.failure.standard_output]])
      if (text.trim() !== '') parts.push(el('p', {}, 'It printed on ' + what + ':'), el('pre', {}, text));
  }
  const parted = step.divergence;
  if (parted) {
    const byte = (value) => (value === null ? 'nothing (the file ends)' : hex(value, 2));
    if (parted.seed_mode) {
      parts.push(el('p', {}, `The bytes of ${parted.path} are equal, the modes are not: seed road ${parted.seed_mode}, reference road ${parted.reference_mode}.`));
    } else if (parted.seed_state) {
      parts.push(el('p', {}, `At ${parted.path} the seed road leaves ${parted.seed_state}, the reference road ${parted.reference_state}.`));
    } else {
      parts.push(el('p', {}, `First difference in ${parted.path}, at offset 0x${hex(parted.offset, 1)} (address 0x${hex(parted.address, 1)}): ` +
        `the seed road has ${byte(parted.seed)}, the reference road ${byte(parted.reference)}.`));
      if (parted.source) parts.push(el('p', {}, 'The reference road made this byte from'), placeText(parted.source));
    }
  }
  return parts.length === 0 ? null : el('div', { class: 'card first' }, parts);
}

/// A step; `goTo(step)` shows another one.
function stepView(chainAt, step, goTo) {
  const chain = report.chains[chainAt];
  const viewer = el('div', {});
  const open = async (file, offset) => viewer.replaceChildren(await fileView(chainAt, file, offset));
  const name = (file, other, road, offset) => (fileInfo(file.sha256) === null ? el('span', { class: 'mono' }, file.path)
    : el('button', { class: 'link mono', onclick: () => open({ ...file, other, road }, offset) }, file.path));
  const link = (maker) => (maker === null ? 'the tree'
    : el('button', { class: 'link', onclick: () => goTo(maker) }, 'step ' + (maker.index + 1)));
  const references = step.reference_outputs || [];
  const paths = [...new Set([...step.outputs, ...references].map((file) => file.path))];
  // Without the seed road a step's outputs are the reference road's.
  const alone = step.verdict === 'one-road-only' && step.derived_by !== undefined;
  const outputs = paths.map((path) => {
    const left = step.outputs.find((file) => file.path === path);
    const seed = alone ? undefined : left;
    const reference = step.reference_outputs ? references.find((file) => file.path === path)
      : alone || step.verdict === 'equal' ? left : undefined;
    const file = seed || reference;
    const apart = seed && reference && seed.sha256 !== reference.sha256;
    const parted = step.divergence && step.divergence.path === path ? step.divergence.offset : undefined;
    return el('tr', {},
      el('td', { class: 'name' }, apart ? [name(seed, reference.sha256, 'seed road', parted), el('br', {}), el('span', { class: 'soft' }, 'and '),
        el('button', { class: 'link', onclick: () => open({ ...reference, other: seed.sha256, road: 'reference road' }, parted) },
          "the reference road's")] : name(file, null, '', undefined)),
      el('td', { class: 'size' }, sizeText(file.size)), el('td', { class: 'mode', 'data-name': 'mode' }, file.mode),
      digestsCell(seed, reference));
  });
  const inputs = step.inputs.map((file) => el('tr', {}, el('td', { class: 'name' }, name(file, null, '', undefined)),
    el('td', { class: 'size' }, sizeText(file.size)), el('td', { class: 'mode', 'data-name': 'from' }, link(makerBefore(chain, step, file.path))),
    el('td', { class: 'mono digest' }, file.sha256)));
  const builder = step.built_by === null ? null : chain.steps[step.built_by];
  const whole = step.part_of === null ? null : chain.steps[step.part_of];
  const box = el('section', { class: 'card', 'aria-label': 'Step ' + (step.index + 1) },
    el('h2', {}, `Step ${step.index + 1} of ${chain.steps.length}: ${step.role} `, mark(step.verdict)),
    el('pre', { class: 'command' }, commandLine(step)),
    failurePart(step),
    el('dl', {},
      el('dt', {}, 'Script'), el('dd', { class: 'mono' }, step.script + ':' + step.line),
      el('dt', {}, 'Directory'), el('dd', { class: 'mono' }, '/' + step.cwd),
      el('dt', {}, 'Program'), el('dd', {}, el('span', { class: 'mono' }, step.program), ', from ', link(builder)),
      whole ? [el('dt', {}, 'Started by'), el('dd', {}, link(whole))] : null,
      el('dt', {}, 'Reference road'), el('dd', {}, step.derived_by || 'did not derive it'),
      el('dt', {}, 'Seed road'), el('dd', {}, step.instructions.toLocaleString('en') + ' instructions, ' + step.seconds.toFixed(2) + ' s')),
    el('h3', {}, 'Outputs'), outputs.length === 0 ? el('p', { class: 'soft' }, 'None.')
      : filesTable(['file', 'size', 'mode', 'SHA-256'], outputs),
    el('h3', {}, 'Inputs'), inputs.length === 0 ? el('p', { class: 'soft' }, 'None.')
      : filesTable(['file', 'size', 'from', 'SHA-256'], inputs),
    viewer);
  return { box, open };
}

/// What stands for a seed or another file that came with the tree.
function seedView(chainAt, source) {
  const viewer = el('div', {});
  fileView(chainAt, source, undefined).then((view) => viewer.replaceChildren(view));
  return el('section', { class: 'card' }, el('h2', {}, source.kind === 'seed' ? 'Seed ' : 'Binary that lies in the tree: ',
    el('span', { class: 'mono' }, source.path)), el('p', { class: 'mono digest' }, source.sha256), viewer);
}
