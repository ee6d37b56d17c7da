// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
int puts (char const *);
int
main ()
{
  puts ("hello");
  return 3;
}
