// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
struct point
{
  int x;
  int y;
  struct point *next;
};
struct point a;
struct point b;
int
main ()
{
  struct point *p;
  int sum;
  a.x = 1;
  a.y = 20;
  a.next = &b;
  b.x = 300;
  b.y = -7;
  b.next = 0;
  sum = 0;
  for (p = &a; p; p = p->next)
    sum = sum + p->x + p->y;
  printf ("%d %d\n", sum, a.next->y);
  return 0;
}
