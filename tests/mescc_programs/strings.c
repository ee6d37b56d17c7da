// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>
char line[100];
int
main (int argc, char **argv)
{
  strcpy (line, "tab\t\"quote\" \\ %");
  strcat (line, " # ; : !");
  puts (line);
  printf ("%d %d %s\n", strlen (line), strcmp (line, "tab"), "end");
  return argc;
}
