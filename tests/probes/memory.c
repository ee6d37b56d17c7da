/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probes: memory, and programs that are written while they run.
 */
#include "common.c"

/* same: a heap of 700 MB, touched at both ends */
void large_heap()
{
	char* memory = malloc(700000000);
	say_number("given:", NULL != memory);
	memory[0] = 65;
	memory[699999999] = 66;
	write(out, memory, 1);
	write(out, memory + 699999999, 1);
}

/* same: new memory is zero */
void new_memory_is_zero()
{
	char* end = system_call(CALL_BRK, 0, 0, 0);
	int sum = 0;
	int i = 0;
	system_call(CALL_BRK, end + 100000, 0, 0);
	while(i < 100000)
	{
		sum = sum | end[i];
		i = i + 1;
	}
	say_number("bits", sum);
}

/* same: what was given back and taken again is zero */
void memory_given_back()
{
	char* end = system_call(CALL_BRK, 0, 0, 0);
	system_call(CALL_BRK, end + 100000, 0, 0);
	end[50000] = 65;
	system_call(CALL_BRK, end, 0, 0);
	system_call(CALL_BRK, end + 100000, 0, 0);
	say_number("byte", end[50000]);
}

/* same: an end before the begin changes nothing */
void end_before_the_begin()
{
	char* end = system_call(CALL_BRK, 0, 0, 0);
	say_number("same:", end == system_call(CALL_BRK, 16, 0, 0));
}

/* told: where the heap is */
void address_of_the_heap()
{
	char* address = system_call(CALL_BRK, 0, 0, 0);
	char** cell = calloc(4, sizeof(char*));
	cell[0] = address;
	write(out, cell, sizeof(char*));
}

/* told: where the stack is */
void address_of_the_stack()
{
	char** cell = calloc(4, sizeof(char*));
	cell[0] = arguments;
	write(out, cell, sizeof(char*));
}

int depth(int left)
{
	int more = left;
	if(0 == left) return 0;
	return depth(left - 1) + 1;
}

/* same: four megabytes of stack */
void deep_stack()
{
	say_number("depth", depth(50000));
}

/* same: a stack without an end */
void endless_stack()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(depth(-1));
	status_of_child = calloc(2, sizeof(int));
	system_call(CALL_WAIT, child, status_of_child, 0);
	say_number("signal", status_of_child[0] & 127);
}

int constant()
{
	return 5;
}

/* same: programs may write to their own code */
void code_is_written()
{
	char* code = constant;
	int i = 0;
	say_number("before", constant());
	/* The instruction that loads the number: its operand is the only byte 5. */
	while((5 != code[i]) && (i < 64)) i = i + 1;
	code[i] = 6;
	say_number("after", constant());
}

/* same: the program's own file, while it runs */
void own_file_is_written()
{
	say_number("to write", open_for(arguments[0], WRITE_ONLY));
	say_number("to append", open_for(arguments[0], APPENDED));
	say_number("to empty", open_for(arguments[0], MADE_EMPTY));
	say_number("truncate", system_call(CALL_TRUNCATE, arguments[0], 0, 0));
	say_number("to read:", 0 <= open_for(arguments[0], READ_ONLY));
}

/* same: the name of a running program may be taken away and given to another file */
void own_file_is_replaced()
{
	say_number("rename", system_call(CALL_RENAME, arguments[0], "probes/out/moved", 0));
	make(arguments[0], "another");
	say_file(arguments[0]);
}

/* same: a program that is open for writing is not started */
void started_while_open()
{
	int file;
	char* buffer = calloc(200000, sizeof(char));
	int from = open_for(arguments[0], READ_ONLY);
	int size = system_call(CALL_READ, from, buffer, 200000);
	file = system_call(CALL_OPEN, "probes/out/copy", MADE_EMPTY, ALL_OF_OWNER);
	write(file, buffer, size);
	say_number("open", system_call(CALL_EXECVE, "probes/out/copy", words("x", "nothing", NULL), variables));
	close(file);
	say_run("probes/out/copy", words("x", "nothing", NULL), variables);
}

/* no probe of its own: what the one above starts */
void nothing()
{
}
