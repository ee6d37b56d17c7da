// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
char composite[200];
int
main ()
{
  int i;
  int j;
  int count;
  count = 0;
  for (i = 2; i < 200; i++)
    {
      if (composite[i])
        continue;
      count++;
      for (j = i + i; j < 200; j = j + i)
        composite[j] = 1;
    }
  printf ("%d primes\n", count);
  return count;
}
