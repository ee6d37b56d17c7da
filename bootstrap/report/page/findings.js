// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The findings, with filters.

const kFindingsAtOnce = 200;

/// The file of a finding, where the page carries it: what the chain made last at that path, or the tree's.
function citedFile(finding) {
  for (let at = 0; at < report.chains.length; ++at) {
    const chain = report.chains[at];
    if (finding.arch !== '' && chain.arch !== finding.arch) continue;
    const files = [...chain.sources, ...chain.steps.flatMap((step) => step.outputs)].filter((file) => file.path === finding.file);
    const file = files[files.length - 1];
    if (file !== undefined && fileInfo(file.sha256) !== null) return { chain: at, file };
  }
  return null;
}

function findingItem(finding) {
  const viewer = el('div', {});
  const cited = citedFile(finding);
  const place = finding.file + (finding.line ? ':' + finding.line : '') + (finding.column ? ':' + finding.column : '');
  const toggle = async () => {
    if (viewer.firstChild !== null) return viewer.replaceChildren();
    viewer.replaceChildren(await fileView(cited.chain, cited.file, undefined, finding.line));
  };
  return el('li', {}, mark(finding.severity), ' ', el('span', { class: 'mono' }, finding.id), ' ',
    finding.arch ? el('span', { class: 'soft' }, finding.arch + ' ') : null,
    finding.file === '' ? null : cited ? el('button', { class: 'link mono', onclick: toggle }, place) : el('span', { class: 'mono' }, place),
    el('p', {}, finding.message), finding.help ? el('p', { class: 'help' }, 'help: ' + finding.help) : null, viewer);
}

function findingsView() {
  const all = report.findings;
  const shown = { error: true, warning: true, note: true };
  let arch = '';
  let words = '';
  let most = kFindingsAtOnce;
  const list = el('ul', { class: 'findings' });
  const count = el('span', { class: 'soft', role: 'status' });
  const more = el('button', { onclick: () => { most *= 4; redraw(); } }, 'Show more');
  function redraw() {
    const wanted = all.filter((finding) => shown[finding.severity] && (arch === '' || finding.arch === arch) &&
      (words === '' || Object.values(finding).join(' ').toLowerCase().includes(words)));
    list.replaceChildren(...wanted.slice(0, most).map(findingItem));
    count.textContent = `${wanted.length} of ${all.length}`;
    more.hidden = wanted.length <= most;
  }
  const changed = (change) => (event) => {
    change(event.target);
    most = kFindingsAtOnce;
    redraw();
  };
  const number = (severity) => all.filter((finding) => finding.severity === severity).length;
  const boxes = Object.keys(shown).map((severity) => el('label', {}, el('input', { type: 'checkbox', checked: true, name: severity,
    onchange: changed((box) => { shown[severity] = box.checked; }) }), ` ${severity} (${number(severity)})`));
  const architectures = [...new Set(all.map((finding) => finding.arch))].filter((name) => name !== '');
  const choice = architectures.length < 2 ? null : el('label', {}, 'Architecture ', el('select', {
    onchange: changed((select) => { arch = select.value; }) }, el('option', { value: '' }, 'all'),
    architectures.map((name) => el('option', { value: name }, name))));
  const search = el('input', { type: 'search', placeholder: 'id, file or words', 'aria-label': 'search in findings',
    oninput: changed((input) => { words = input.value.toLowerCase(); }) });
  redraw();
  return el('section', { class: 'card', id: 'findings' }, el('h2', {}, 'Findings'),
    el('div', { class: 'bar' }, boxes, choice, search, count), all.length === 0 ? el('p', { class: 'soft' }, 'None.') : list, more);
}
