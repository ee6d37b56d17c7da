// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the page carries: the report, and files in compressed form, unpacked when somebody looks at them.
'use strict';

const report = JSON.parse(document.getElementById('report').textContent);
const index = JSON.parse(document.getElementById('index').textContent);

const unpackedBlobs = new Map();

/// The bytes of a blob; null if the page does not carry it.
async function blob(id) {
  if (!unpackedBlobs.has(id)) {
    const element = document.getElementById(id);
    if (element === null) return null;
    const packed = Uint8Array.from(atob(element.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    unpackedBlobs.set(id, new Uint8Array(await new Response(stream).arrayBuffer()));
  }
  return unpackedBlobs.get(id);
}

const fileInfo = (digest) => index.files[digest] || null;
const fileBytes = (digest) => blob('f-' + digest);

/// Texts are shown byte by byte where they are no UTF-8.
const decoder = new TextDecoder('utf-8');
const asText = (bytes) => decoder.decode(bytes);

const startsFound = new WeakMap();

/// Offsets of the lines of a text.
function lineStarts(bytes) {
  if (!startsFound.has(bytes)) startsFound.set(bytes, findLineStarts(bytes));
  return startsFound.get(bytes);
}

function findLineStarts(bytes) {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  if (starts.length > 1 && starts[starts.length - 1] === bytes.length) starts.pop();
  return starts;
}

/// The last index whose value is not above `value`; values ascend.
function lastNotAbove(values, value) {
  let low = 0;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle; else high = middle;
  }
  return low;
}

/// An element. Properties that begin with "on" are listeners; children are elements or texts, never markup.
function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const mark = (verdict) => el('span', { class: 'mark ' + verdict }, verdict);
const hex = (value, digits) => value.toString(16).padStart(digits, '0');
const sizeText = (size) => size.toLocaleString('en') + (size === 1 ? ' byte' : ' bytes');
