// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
int table[8];
int
twice (int x)
{
  return x + x;
}
int
less (int x)
{
  return x - 1000000;
}
int
apply (int (*f) (int), int *p)
{
  *p = f (*p);
  return *p;
}
int
main ()
{
  int i;
  for (i = 0; i < 8; i++)
    table[i] = i * i;
  apply (twice, table + 3);
  apply (less, &table[7]);
  for (i = 0; i < 8; i++)
    printf ("%d ", table[i]);
  puts ("");
  return 0;
}
