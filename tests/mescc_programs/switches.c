// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
int
kind (int c)
{
  switch (c)
    {
    case 'a':
      return 1;
    case ' ':
    case '\n':
      return 2;
    case 0:
      return 3;
    default:
      return 4;
    }
}
int
main ()
{
  char *text;
  int sum;
  text = "a b\n";
  sum = kind (0);
  while (*text)
    {
      sum = sum * 5 + kind (*text);
      text++;
    }
  printf ("%d\n", sum);
  return 0;
}
