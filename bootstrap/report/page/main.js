// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later

/// What went wrong first in a chain, if anything did.
const firstBad = (chain) => chain.steps.find((step) => step.verdict === 'differ' || step.verdict === 'failed') || null;

function causeCard(chain) {
  const cause = chain.cause;
  if (!cause || (cause.step === null && cause.changed.length === 0)) return null;
  const known = report.tree.known ? report.tree.known.state : 'the known state';
  return el('div', { class: 'card first' },
    el('h2', {}, 'First cause'),
    cause.step === null ? null : el('p', {}, `Step ${cause.step + 1} is the first that makes something else than in ${known}: `,
      el('span', { class: 'mono' }, cause.product)),
    cause.changed.length === 0 ? el('p', {}, 'No source that it comes from is changed.')
      : el('p', {}, 'It comes from what is changed: ', el('span', { class: 'mono' }, cause.changed.join(', '))),
    cause.lines.map((line) => el('div', {}, el('span', { class: 'mono' }, line.file + ':' + line.line),
      el('pre', {}, 'there: ' + line.known + '\nhere:  ' + line.here))));
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
