// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
int
main ()
{
  unsigned int word;
  int i;
  word = 0x12345678;
  for (i = 0; i < 20; i++)
    word = ((word << 3) ^ (word >> 5) ^ i) & 0x7fffffff;
  printf ("%d %d %d\n", word, word % 1000, ~word | 1);
  return word & 63;
}
