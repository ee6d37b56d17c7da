// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later

/// What went wrong first in a chain, if anything did.
const firstBad = (chain) => chain.steps.find((step) => step.verdict === 'differ' || step.verdict === 'failed') || null;

const knownState = () => (report.tree.known ? report.tree.known.state : 'the known state');
const departedText = (departed) => `Step ${departed.step + 1} is the first that makes something else than in ${knownState()}: `;

/// A changed source: a button for each place, which shows it, where the page carries the file.
function changedFile(chain, path) {
  const change = report.tree.known && report.tree.known.changes.find((one) => one.file === path);
  const cited = citedFile({ arch: chain.arch, file: path });
  const viewer = el('div', {});
  const shown = { line: null };
  const toggle = async (line) => {
    viewer.replaceChildren();
    shown.line = shown.line === line ? null : line;
    if (shown.line !== null) viewer.replaceChildren(await fileView(cited.chain, cited.file, undefined, line));
  };
  const place = (text, line) => (cited ? el('button', { class: 'link mono', onclick: () => toggle(line) }, text) : el('span', { class: 'mono' }, text));
  const became = (one) => (one.come === 0 ? ` (${one.gone} missing)` : one.gone === 0 ? ` (${one.come} new)` : '');
  const places = change ? change.places.slice(0, 5) : [];
  return el('div', {}, places.length === 0 ? place(path, 1) : places.map((one) => [place(`${path}:${one.line}`, one.line), became(one) + ' ']).flat(),
    change && change.what ? ` (${change.what})` : null, change && change.places.length > 5 ? `and ${change.places.length - 5} more places` : null, viewer);
}

/// The first findings of a chain that are not only notes.
const firstFindings = (chain) => report.findings.filter((one) => one.arch === chain.arch && one.severity !== 'note').slice(0, 3);

function causeCard(chain) {
  const cause = chain.cause;
  if (chain.departure) {
    return el('div', { class: 'card' }, el('p', {}, departedText(chain.departure), el('span', { class: 'mono' }, chain.departure.product), '; nothing is wrong.'));
  }
  const said = chain.verdict === 'pass' ? [] : firstFindings(chain);
  const told = cause && (cause.step !== null || cause.changed.length > 0);
  if (!told && said.length === 0) return null;
  return el('div', { class: 'card first' },
    el('h2', {}, 'First cause'),
    told && cause.step !== null ? el('p', {}, departedText(cause), el('span', { class: 'mono' }, cause.product)) : null,
    !told ? null : cause.changed.length === 0 ? el('p', {}, 'No source that it comes from is changed.')
      : el('div', {}, 'It comes from what is changed: ', cause.changed.map((path) => changedFile(chain, path))),
    told ? cause.lines.map((line) => el('div', {}, el('span', { class: 'mono' }, line.file + ':' + line.line),
      el('pre', {}, 'there: ' + line.known + '\nhere:  ' + line.here))) : null,
    said.length === 0 ? null : el('ul', { class: 'findings' }, said.map(findingItem)));
}

/// What the tree's own lists of digests say of the products behind the answers.
function pinsTable(chain, pins) {
  const road = (digest, pin) => el('td', { class: 'mono' }, digest === null ? '-' : digest === pin.wanted ? 'ok' : digest);
  const right = chain.pins.rows.filter((pin) => pin.verdict === 'ok').length;
  return el('details', { open: pins.some((pin) => pin.verdict === 'wrong') ? '' : null },
    el('summary', {}, `${right} of ${chain.pins.rows.length} pins right${chain.until ? ', up to ' + chain.until : ''}; ${chain.pins.later} lines of later steps not looked at, ${chain.pins.unpinned} files that no list pins`),
    el('table', {},
      el('thead', {}, el('tr', {}, ['List', 'File', 'Wanted', 'Seed road', 'Reference road', 'Verdict'].map((name) => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, pins.map((pin) => el('tr', {}, el('td', { class: 'mono' }, `${pin.list}:${pin.line}`), el('td', { class: 'mono' }, pin.path),
        el('td', { class: 'mono' }, pin.wanted), road(pin.seed, pin), road(pin.reference, pin), el('td', {}, pin.verdict))))));
}

function chainPanel(at) {
  const chain = report.chains[at];
  const detail = el('div', {});
  const view = chainView(chain, (row) => {
    if (row.seed) return detail.replaceChildren(seedView(at, row.seed));
    const shown = stepView(at, row.step, view.selectStep);
    detail.replaceChildren(shown.box);
    const parted = row.step.divergence;
    const file = parted && row.step.outputs.find((output) => output.path === parted.path);
    if (!file) return;
    const reference = (row.step.reference_outputs || []).find((output) => output.path === parted.path);
    shown.open({ ...file, other: reference ? reference.sha256 : null, road: 'seed road' }, parted.offset);
  });
  const answers = chain.answers.total === 0 ? '' : `, ${chain.answers.ok} of ${chain.answers.total} answers right`;
  const equal = chain.steps.filter((step) => step.verdict === 'equal').length;
  const further = chain.pins.rows.filter((pin) => !pin.list.endsWith('.answers'));
  const panel = el('div', {},
    el('p', {}, mark(chain.verdict), ` ${chain.arch}${chain.root ? ' in ' + chain.root : ''}: ${equal} of ${chain.steps.length} steps equal on both roads${answers}`),
    causeCard(chain), further.length === 0 ? null : pinsTable(chain, further), el('div', { class: 'split' }, view.box, detail));
  const first = firstBad(chain) || (chain.cause && chain.cause.step !== null ? chain.steps[chain.cause.step] : null) || chain.steps[0];
  if (first) view.selectStep(first); else if (view.graph.rows.length === 0) detail.append(el('p', { class: 'soft' }, 'No step of this chain is known.'));
  return panel;
}

function main() {
  const app = document.getElementById('app');
  const place = el('main', {});
  const tabs = report.chains.map((chain, at) => [chain.root ? `${chain.arch} (${chain.root})` : chain.arch, chain.verdict, () => chainPanel(at)]);
  const audits = report.audits || [];
  if (report.chains.length + report.findings.length > 0 || audits.length === 0) tabs.push([`Findings (${report.findings.length})`, '', findingsView]);
  const notSource = audits.reduce((sum, audit) => sum + audit.counts.not_source, 0);
  if (audits.length > 0) tabs.push([`Files (${notSource} not source)`, '', () => auditsView(audits)]);
  const built = new Map();
  const buttons = tabs.map(([name, verdict, build], at) => el('button', { 'aria-pressed': 'false', onclick: () => open(at) },
    name, verdict === '' || verdict === 'pass' ? null : ' ', verdict === '' || verdict === 'pass' ? null : mark(verdict)));
  function open(at) {
    buttons.forEach((button, one) => button.setAttribute('aria-pressed', String(one === at)));
    const isNew = !built.has(at);
    if (isNew) built.set(at, el('div', {}));
    place.replaceChildren(built.get(at));
    if (isNew) built.get(at).append(tabs[at][2]());
  }
  app.replaceChildren(el('nav', { 'aria-label': 'Chains and findings' }, buttons), place);
  const worst = report.chains.findIndex((chain) => chain.verdict === 'fail');
  open(Math.max(worst, 0));
  document.documentElement.dataset.ready = 'yes';
}

main();
