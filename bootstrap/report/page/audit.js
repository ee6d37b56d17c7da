// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which files are not source, kind by kind; what a tree of recipes says of itself.

const kFilesAtOnce = 100;

const severityOf = (file) => file.accepted ? 'accepted' : file.finding ? file.finding.severity : 'none';
const severities = ['error', 'warning', 'note', 'accepted', 'none'];
const countText = (number, one) => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;

/// What becomes of a file, and who says so.
function fateText(file) {
  const { fate, where, how } = file.disposition;
  if (fate === 'unknown' && !how && !file.accepted)
    return file.run === 'opened' ? 'A step opened it.' : file.run === 'not-opened' ? 'No step of this run opened it.' : 'No script says what becomes of it.';
  const said = fate + (how ? ` (${how})` : '') + (where ? `, ${where}` : '');
  return file.accepted ? 'accepted: ' + file.accepted : said;
}

function auditedFile(file) {
  const line = file.evidence.length > 0 && file.evidence[0].line ? ':' + file.evidence[0].line : '';
  const viewer = el('div', {});
  const open = async () => {
    if (viewer.firstChild !== null) return viewer.replaceChildren();
    viewer.replaceChildren(await fileView(0, file, undefined, line === '' ? undefined : file.evidence[0].line));
  };
  const carried = report.chains.length > 0 && fileInfo(file.sha256) !== null;
  const notes = [file.source ? `made of ${file.source.name}${file.source.here ? '' : ', which is not here'}` : '', file.magic || '']
    .filter((note) => note !== '').join('; ');
  return el('li', {}, mark(severityOf(file)), ' ',
    carried ? el('button', { class: 'link mono', onclick: open }, file.path + line) : el('span', { class: 'mono' }, file.path + line), ' ',
    el('span', { class: 'soft' }, sizeText(file.size)), el('p', {}, fateText(file)), notes === '' ? null : el('p', { class: 'help' }, notes), viewer);
}

/// One kind with its files, the worst first.
function kindView(id, files, isOpen) {
  const kind = report.kinds[id];
  const number = (severity) => files.filter((file) => severityOf(file) === severity).length;
  const list = el('ul', { class: 'findings' });
  const more = el('button', { onclick: () => show(list.children.length * 4) }, 'Show more');
  const sorted = severities.flatMap((severity) => files.filter((file) => severityOf(file) === severity));
  function show(most) {
    list.append(...sorted.slice(list.children.length, most).map(auditedFile));
    more.hidden = list.children.length >= sorted.length;
  }
  const view = el('details', { class: 'kind', open: isOpen, ontoggle: () => { if (list.children.length === 0) show(kFilesAtOnce); } },
    el('summary', {}, el('span', { class: 'mono' }, id), ' ', el('span', { class: 'soft' }, kind.what), ' ',
      severities.filter((severity) => number(severity) > 0).map((severity) =>
        el('span', { class: 'mark ' + severity }, `${severity === 'none' ? 'harmless' : severity} ${number(severity)}`))),
    el('p', {}, 'Why it matters: ' + kind.why), kind.regenerate ? el('p', {}, 'How to make it again: ' + kind.regenerate) : null, list, more);
  if (isOpen) show(kFilesAtOnce);
  return view;
}

const rowsOf = (rows) => el('dl', {}, rows.filter((row) => row !== null).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
const placeItem = (place) => el('li', {}, el('span', { class: 'mono' }, place.where), place.text ? el('code', {}, place.text) : null);

function placesView(name, places) {
  if (places.number === 0) return null;
  const left = places.number - places.told.length;
  return el('details', {}, el('summary', {}, `${name}: ${places.number}`), el('ul', { class: 'trail' }, places.told.map(placeItem),
    left > 0 ? el('li', { class: 'soft' }, `and ${left} more`) : null));
}

function roadView(road) {
  const ground = road.rests_on === 'unknown' ? 'unknown: here the tree says no more' : `${road.on}${road.seed ? ' ' + road.seed + ', by digest' : ''}`;
  return [el('h3', {}, road.of + ' ', el('span', { class: 'mark ' + (road.from_source === 'yes' ? 'pass' : road.from_source === 'no' ? 'fail' : '') },
    `from source: ${road.from_source}`)), el('p', {}, 'rests on ' + ground),
    el('ol', { class: 'trail' }, road.path.map((hop) => el('li', {}, hop.what + ' ',
      hop.where === null ? el('span', { class: 'soft' }, 'not found in this tree') : el('span', { class: 'mono soft' }, hop.where),
      hop.text ? el('code', {}, hop.text) : null))),
    road.ask ? el('p', { class: 'soft' }, `What would ${road.from_source === 'no' ? 'better' : 'answer'} it: ${road.ask}`) : null];
}

/// What a tree of recipes says of itself.
function profileView(profile) {
  if (profile.distribution === null) return el('section', { class: 'card' }, el('h2', {}, 'Recipes'), el('p', {}, 'No distribution that assay knows.'));
  const { pins, autotools, criteria } = profile;
  const criterion = (one) => `${one.answer}: ${one.why}${one.where ? ' (' + one.where + ')' : ''}`;
  const number = (value) => value.toLocaleString('en');
  const list = criteria.list.page === '' ? 'no page of it' : criteria.list.counts === 'yes' ? 'counts' : 'does not count: ' + criteria.list.why;
  const counted = profile.counts.map((one) => [one.what, number(one.number)]);
  if (!profile.profiled) return el('section', { class: 'card' }, el('h2', {}, 'Recipes: ' + profile.distribution), rowsOf([...counted, ['bootstrappable distros', list]]));
  return el('section', { class: 'card' }, el('h2', {}, 'Recipes: ' + profile.distribution),
    rowsOf([...counted, ['opaque files', number(profile.opaque)],
      ['None of its own binaries is needed', criterion(criteria.none_of_its_own_binaries)],
      ['Every compiler is built of source', criterion(criteria.all_from_source)], ['bootstrappable distros, April 2026', list],
      ['Pins', `of ${number(pins.recipes)} recipes ${number(pins.strong)} by SHA-2 or BLAKE2, ${number(pins.commit)} by a commit alone, ${number(pins.weak.number)} by weak digests alone, ${number(pins.none.number)} fetch and have none, ${number(pins.nothing_fetched)} fetch nothing`],
      autotools.policy === '' ? null : ['Configure scripts', `${number(autotools.again)} recipes make them again, ${number(autotools.as_shipped)} likely run them as shipped; ${autotools.policy}`],
      ...profile.seeds.map((seed) => ['Seed', `${seed.where}: ${seed.seed}`])]),
    profile.depth.flatMap(roadView),
    placesView('Weak digests alone', pins.weak), placesView('No digest of their own', pins.none), placesView('Lines that give a build the network', profile.network),
    placesView('Binaries that compilers are built with', profile.bootstrap_binaries));
}

function auditView(audit) {
  const { counts, run } = audit;
  const shown = Object.fromEntries(severities.map((severity) => [severity, true]));
  let words = '';
  const place = el('div', {});
  const status = el('span', { class: 'soft', role: 'status' });
  function redraw() {
    const wanted = audit.files.filter((file) => shown[severityOf(file)] && (words === '' || `${file.path} ${file.kind} ${fateText(file)}`.toLowerCase().includes(words)));
    const kinds = Object.keys(report.kinds).map((id) => [id, wanted.filter((file) => file.kind === id)]).filter(([, files]) => files.length > 0);
    const worst = (files) => Math.min(...files.map((file) => severities.indexOf(severityOf(file))));
    kinds.sort((one, other) => worst(one[1]) - worst(other[1]) || other[1].length - one[1].length);
    place.replaceChildren(...kinds.map(([id, files]) => kindView(id, files, kinds.length === 1)));
    status.textContent = `${wanted.length} of ${audit.files.length}`;
  }
  const boxes = severities.map((severity) => [severity, audit.files.filter((file) => severityOf(file) === severity).length]).filter(([, number]) => number > 0)
    .map(([severity, number]) => el('label', {}, el('input', { type: 'checkbox', checked: true, name: severity,
      onchange: (event) => { shown[severity] = event.target.checked; redraw(); } }), ` ${severity === 'none' ? 'harmless' : severity} (${number})`));
  const search = el('input', { type: 'search', placeholder: 'path, kind or words', 'aria-label': 'search in files', oninput: (event) => { words = event.target.value.toLowerCase(); redraw(); } });
  redraw();
  const what = [el('p', {}, `${countText(counts.files, 'file')}, ${counts.not_source.toLocaleString('en')} not source${counts.review ? `, ${counts.review} to review` : ''}; of the rest there is no evidence.`),
    run ? el('p', {}, `Steps of ${run.scope} opened ${countText(run.opened, 'file')} of ${(run.opened + run.not_opened).toLocaleString('en')}; the others ${run.unproved ? 'may be read all the same: ' + run.unproved : 'were not read'}.`) : null];
  const told = [...audit.findings.map((one) => el('li', {}, mark('warning'), ' ', el('span', { class: 'mono' }, one.id), ' ', el('span', { class: 'mono' }, one.where), el('p', {}, `${one.path}: ${one.message}`))),
    ...audit.troubles.map((one) => el('li', {}, mark('error'), ' ', el('span', { class: 'mono' }, one.id), el('p', {}, one.message)))];
  return [audit.profile ? profileView(audit.profile) : null, el('section', { class: 'card', id: 'audit' }, el('h2', {}, 'What is not source'), what,
    told.length === 0 ? null : el('ul', { class: 'findings' }, told),
    audit.files.length === 0 ? null : el('div', { class: 'bar' }, boxes, search, status), place)].filter((part) => part !== null);
}

/// All of them, one at a time.
function auditsView(audits) {
  const place = el('div', {});
  const show = (at) => place.replaceChildren(...auditView(audits[at]));
  show(0);
  if (audits.length === 1) return place;
  const name = (audit) => `${audit.script || audit.path} (${countText(audit.counts.errors, 'error')})`;
  return el('div', {}, el('p', { class: 'bar' }, el('label', {}, 'Archive ', el('select', { onchange: (event) => show(Number(event.target.value)) },
    audits.map((audit, at) => el('option', { value: at }, name(audit)))))), place);
}
