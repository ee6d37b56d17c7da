/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probes: reading, writing and seeking.
 */
#include "common.c"

/* same: as much as there is, however much is asked for */
void read_huge_count()
{
	char* buffer = calloc(4096, sizeof(char));
	int file;
	make("probes/out/file", "content");
	file = open_for("probes/out/file", READ_ONLY);
	say_number("2 GiB - 1", system_call(CALL_READ, file, buffer, 2147483647));
	say(buffer);
	say_number("at the end", system_call(CALL_READ, file, buffer, 2147483647));
}

/* same: a negative count is one that no memory holds */
void read_negative_count()
{
	char* buffer = calloc(4096, sizeof(char));
	int file = open_for("kaem.amd64", READ_ONLY);
	say_number("failed:", 0 > system_call(CALL_READ, file, buffer, -9));
}

/* same: a negative count to write */
void write_negative_count()
{
	int file = open_for("probes/out/file", MADE_EMPTY);
	say_number("failed:", 0 > system_call(CALL_WRITE, file, 16, -9));
}

/* same: descriptors that are not open, or for the other direction */
void wrong_descriptors()
{
	char* buffer = calloc(64, sizeof(char));
	int reader = open_for("kaem.amd64", READ_ONLY);
	int writer = open_for("probes/out/file", MADE);
	say_number("read closed", system_call(CALL_READ, 99, buffer, 1));
	say_number("read -1", system_call(CALL_READ, -1, buffer, 1));
	say_number("read writer", system_call(CALL_READ, writer, buffer, 1));
	say_number("write closed", system_call(CALL_WRITE, 99, buffer, 1));
	say_number("write reader", system_call(CALL_WRITE, reader, buffer, 1));
	say_number("seek closed", system_call(CALL_LSEEK, 99, 0, 0));
}

/* same: memory that is not there */
void wrong_memory()
{
	int reader = open_for("kaem.amd64", READ_ONLY);
	int writer = open_for("probes/out/file", MADE);
	say_number("read", system_call(CALL_READ, reader, 16, 4));
	say_number("write", system_call(CALL_WRITE, writer, 16, 4));
	say_number("read nothing", system_call(CALL_READ, reader, 16, 0));
	say_number("write nothing", system_call(CALL_WRITE, writer, 16, 0));
}

/* same: a hole is read as zeros */
void write_behind_the_end()
{
	int file = open_for("probes/out/file", MADE_EMPTY);
	system_call(CALL_WRITE, file, "ab", 2);
	say_number("seek", system_call(CALL_LSEEK, file, 10, 0));
	system_call(CALL_WRITE, file, "c", 1);
}

/* same: appending does not look at where one stands */
void write_appended()
{
	int file;
	make("probes/out/file", "begin ");
	file = open_for("probes/out/file", APPENDED);
	say_number("seek", system_call(CALL_LSEEK, file, 0, 0));
	system_call(CALL_WRITE, file, "end", 3);
	say_number("now at", system_call(CALL_LSEEK, file, 0, 1));
}

/* same: places, and places that do not exist */
void seek_places()
{
	int file;
	make("probes/out/file", "0123456789");
	file = open_for("probes/out/file", READ_ONLY);
	say_number("end", system_call(CALL_LSEEK, file, 0, 2));
	say_number("before the end", system_call(CALL_LSEEK, file, -3, 2));
	say_number("here", system_call(CALL_LSEEK, file, 0, 1));
	say_number("before the begin", system_call(CALL_LSEEK, file, -3, 0));
	say_number("still here", system_call(CALL_LSEEK, file, 0, 1));
	say_number("behind the end", system_call(CALL_LSEEK, file, 1000, 0));
	say_number("from nowhere", system_call(CALL_LSEEK, file, 0, 9));
}

/* same: data and holes of a file without holes */
void seek_data()
{
	int file;
	make("probes/out/file", "0123456789");
	file = open_for("probes/out/file", READ_ONLY);
	say_number("data", system_call(CALL_LSEEK, file, 3, 3));
	say_number("hole", system_call(CALL_LSEEK, file, 3, 4));
	say_number("data behind", system_call(CALL_LSEEK, file, 30, 3));
	say_number("hole behind", system_call(CALL_LSEEK, file, 30, 4));
}

/* varies: where a file system keeps a hole is its own */
void seek_hole()
{
	int file = open_for("probes/out/file", MADE_EMPTY);
	system_call(CALL_WRITE, file, "ab", 2);
	system_call(CALL_LSEEK, file, 1000000, 0);
	system_call(CALL_WRITE, file, "c", 1);
	say_number("hole", system_call(CALL_LSEEK, file, 0, 4));
	say_number("data", system_call(CALL_LSEEK, file, 4096, 3));
}

/* same: a file lives on without its name */
void read_after_unlink()
{
	char* buffer = calloc(16, sizeof(char));
	int file;
	make("probes/out/file", "content");
	file = open_for("probes/out/file", READ_WRITE);
	system_call(CALL_UNLINK, "probes/out/file", 0, 0);
	say_number("read", system_call(CALL_READ, file, buffer, 10));
	say(buffer);
	say_number("write", system_call(CALL_WRITE, file, "more", 4));
	say_file("probes/out/file");
}

/* same: a new file under the name of one that is still open */
void name_used_again()
{
	char* buffer = calloc(16, sizeof(char));
	int file;
	make("probes/out/file", "old");
	file = open_for("probes/out/file", READ_ONLY);
	system_call(CALL_UNLINK, "probes/out/file", 0, 0);
	make("probes/out/file", "new");
	system_call(CALL_READ, file, buffer, 10);
	say(buffer);
	say_file("probes/out/file");
}

/* varies: standard input is the user's */
void read_standard_input()
{
	char* buffer = calloc(64, sizeof(char));
	say_number("read", system_call(CALL_READ, 0, buffer, 60));
	say(buffer);
}

/* varies: whether standard input can be sought in */
void seek_standard_input()
{
	say_number("seek", system_call(CALL_LSEEK, 0, 0, 0));
}

/* same: what is printed is not part of the tree */
void write_standard_output()
{
	say_number("printed", system_call(CALL_WRITE, 1, "printed\n", 8));
	say_number("warned", system_call(CALL_WRITE, 2, "warned\n", 7));
}

/* same: standard output closed and replaced by a file */
void standard_output_is_a_file()
{
	system_call(CALL_CLOSE, 1, 0, 0);
	say_number("number", open_for("probes/out/file", MADE_EMPTY));
	puts("into the file");
}

/* same: a parent and a child that was waited for share a place in a file */
void place_is_shared()
{
	char* buffer = calloc(16, sizeof(char));
	int child;
	int file;
	make("probes/out/file", "0123456789");
	file = open_for("probes/out/file", READ_ONLY);
	child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		system_call(CALL_READ, file, buffer, 4);
		_exit(0);
	}
	say_end(child);
	say_number("now at", system_call(CALL_LSEEK, file, 0, 1));
}

/* same: a copy of a descriptor shares its place, a second opening does not */
void place_of_a_copy()
{
	char* buffer = calloc(16, sizeof(char));
	int file;
	int copy;
	int other;
	make("probes/out/file", "0123456789");
	file = open_for("probes/out/file", READ_ONLY);
	copy = system_call(CALL_DUP, file, 0, 0);
	other = open_for("probes/out/file", READ_ONLY);
	system_call(CALL_READ, file, buffer, 4);
	say_number("copy", system_call(CALL_LSEEK, copy, 0, 1));
	say_number("other", system_call(CALL_LSEEK, other, 0, 1));
}

/* same: shorter and longer */
void truncate_files()
{
	int file;
	make("probes/out/file", "0123456789");
	say_number("by name", system_call(CALL_TRUNCATE, "probes/out/file", 4, 0));
	say_file("probes/out/file");
	file = open_for("probes/out/file", READ_WRITE);
	say_number("by number", system_call(CALL_FTRUNCATE, file, 6, 0));
	say_number("end", system_call(CALL_LSEEK, file, 0, 2));
	say_number("negative", system_call(CALL_FTRUNCATE, file, -1, 0));
	say_number("missing", system_call(CALL_TRUNCATE, "probes/none", 4, 0));
}

/* same: half a buffer behind the end of the heap */
void read_across_the_end_of_the_heap()
{
	char* end = system_call(CALL_BRK, 0, 0, 0);
	int file = open_for("kaem.amd64", READ_ONLY);
	end = system_call(CALL_BRK, end + 8192, 0, 0);
	/* The heap may go on to the end of its page, so the buffer begins long before it and is far longer. */
	say_number("some bytes or none:", 65536 != system_call(CALL_READ, file, end - 16, 65536));
}

/* varies: how much a file system holds at most */
void write_far_away()
{
	int file = open_for("probes/out/file", MADE_EMPTY);
	say_number("seek", system_call(CALL_LSEEK, file, 2147483647, 0));
	say_number("write", system_call(CALL_WRITE, file, "c", 1));
	say_number("end", system_call(CALL_FTRUNCATE, file, 3, 0));
}
