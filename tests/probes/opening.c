/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probes: opening and closing files.
 */
#include "common.c"

/* same: what is not there */
void open_missing()
{
	say_number("missing", open_for("probes/none", READ_ONLY));
	say_number("below a file", open_for("kaem.amd64/none", READ_ONLY));
	say_number("no name", open_for("", READ_ONLY));
	say_number("nowhere", open_for(16, READ_ONLY));
	say_number("directory missing", open_for("probes/none/x", MADE));
}

/* same: directories */
void open_directory()
{
	int file;
	say_number("to write", open_for("M2libc", WRITE_ONLY));
	say_number("to make", open_for("M2libc", MADE));
	say_number("to make anew", open_for("M2libc", MADE_NEW));
	file = open_for("M2libc", READ_ONLY);
	say_number("to read:", 0 <= file);
	say_number("read", system_call(CALL_READ, file, variables, 16));
}

/* same: a slash at the end of a name */
void open_with_trailing_slash()
{
	say_number("a file", open_for("kaem.amd64/", READ_ONLY));
	say_number("a file to make", open_for("kaem.amd64/", MADE));
	say_number("a new file", open_for("probes/out/new/", MADE));
	say_number("a new file only", open_for("probes/out/new/", MADE_NEW));
	say_number("a directory:", 0 <= open_for("M2libc/", READ_ONLY));
	say_number("a directory to make", open_for("M2libc/", MADE));
	say_number("two slashes:", 0 <= open_for("M2libc//stdio.c", READ_ONLY));
}

char* long_name(int size)
{
	char* name = calloc(size + 20, sizeof(char));
	strcat(name, "probes/out/");
	memset(name + strlen(name), 110, size);
	return name;
}

/* same: 255 bytes are the longest name */
void open_long_names()
{
	say_number("255 bytes:", 0 <= open_for(long_name(255), MADE));
	say_number("256 bytes", open_for(long_name(256), MADE));
	say_number("256 bytes to read", open_for(long_name(256), READ_ONLY));
}

/* same: 4095 bytes are the longest path */
void open_long_paths()
{
	char* path = calloc(5000, sizeof(char));
	while(strlen(path) < 4080) strcat(path, "./");
	strcat(path, "kaem.amd64");
	say_number("length", strlen(path));
	say_number("opened:", 0 <= open_for(path, READ_ONLY));
	path = calloc(5000, sizeof(char));
	while(strlen(path) < 4090) strcat(path, "./");
	strcat(path, "kaem.amd64");
	say_number("length", strlen(path));
	say_number("opened", open_for(path, READ_ONLY));
}

/* same: a file without a name */
void open_without_name()
{
	char* buffer = calloc(8, sizeof(char));
	int file = open_for("probes/out", 4259842);
	say_number("O_TMPFILE:", 0 <= file);
	say_number("write", system_call(CALL_WRITE, file, "abc", 3));
	system_call(CALL_LSEEK, file, 0, 0);
	say_number("read", system_call(CALL_READ, file, buffer, 8));
	say(buffer);
}

/* same: a descriptor that only stands for a path */
void open_path_only()
{
	int file = open_for("kaem.amd64", 2097152);
	say_number("O_PATH:", 0 <= file);
	say_number("read", system_call(CALL_READ, file, variables, 1));
	say_number("write", system_call(CALL_WRITE, file, "x", 1));
	say_number("lseek", system_call(CALL_LSEEK, file, 0, 0));
}

/* same: a file that must be new */
void open_new_only()
{
	say_number("new:", 0 <= open_for("probes/out/new", MADE_NEW));
	say_number("again", open_for("probes/out/new", MADE_NEW));
	system_call(CALL_SYMLINK, "nowhere", "probes/out/dangling", 0);
	say_number("a link", open_for("probes/out/dangling", MADE_NEW));
}

/* same: a link that must not be followed */
void open_no_link()
{
	system_call(CALL_SYMLINK, "../../kaem.amd64", "probes/out/link", 0);
	say_number("followed:", 0 <= open_for("probes/out/link", READ_ONLY));
	say_number("O_NOFOLLOW", open_for("probes/out/link", 131072));
}

/* same: what must be a directory */
void open_directory_only()
{
	say_number("a file", open_for("kaem.amd64", 65536));
	say_number("a directory:", 0 <= open_for("M2libc", 65536));
}

/* same: made through a link to nothing */
void open_through_dangling_link()
{
	system_call(CALL_SYMLINK, "made", "probes/out/dangling", 0);
	say_number("made:", 0 <= open_for("probes/out/dangling", MADE));
	say_file("probes/out/made");
}

/* same: links in a ring */
void open_ring_of_links()
{
	system_call(CALL_SYMLINK, "b", "probes/out/a", 0);
	system_call(CALL_SYMLINK, "a", "probes/out/b", 0);
	say_number("ring", open_for("probes/out/a", READ_ONLY));
	say_number("ring to make", open_for("probes/out/a", MADE));
	system_call(CALL_UNLINK, "probes/out/a", 0, 0);
	system_call(CALL_UNLINK, "probes/out/b", 0, 0);
}

/* same: reading, writing and truncating at once */
void open_read_write()
{
	char* buffer = calloc(16, sizeof(char));
	int file;
	make("probes/out/file", "content");
	file = open_for("probes/out/file", 514);
	say_number("empty", system_call(CALL_READ, file, buffer, 8));
	system_call(CALL_WRITE, file, "new", 3);
	system_call(CALL_LSEEK, file, 1, 0);
	say_number("read", system_call(CALL_READ, file, buffer, 8));
	say(buffer);
}

/* same: truncated though only to be read */
void open_read_only_truncated()
{
	make("probes/out/file", "content");
	say_number("opened:", 0 <= open_for("probes/out/file", 512));
	say_file("probes/out/file");
}

/* same: rights of new files, with the mask that the probe sets */
void open_with_rights()
{
	system_call(CALL_UMASK, 18, 0, 0);
	system_call(CALL_OPEN, "probes/out/all", MADE, 511);
	system_call(CALL_OPEN, "probes/out/none", MADE, 0);
	system_call(CALL_OPEN, "probes/out/more", MADE, 4095);
	say_number("mask", system_call(CALL_UMASK, 63, 0, 0));
	system_call(CALL_OPEN, "probes/out/masked", MADE, 511);
	system_call(CALL_CREAT, "probes/out/creat", 511, 0);
}

/* same: an old file keeps its rights */
void open_keeps_rights()
{
	make("probes/out/file", "content");
	system_call(CALL_CHMOD, "probes/out/file", 484, 0);
	system_call(CALL_OPEN, "probes/out/file", MADE_EMPTY, 511);
}

/* same: the lowest free number is given */
void lowest_descriptor()
{
	int first = open_for("kaem.amd64", READ_ONLY);
	int second = open_for("kaem.amd64", READ_ONLY);
	say_number("next:", second == (first + 1));
	system_call(CALL_CLOSE, first, 0, 0);
	say_number("again:", first == open_for("kaem.amd64", READ_ONLY));
	say_number("copy:", (second + 1) == system_call(CALL_DUP, first, 0, 0));
	say_number("copied to", system_call(CALL_DUP2, first, 77, 0));
	say_number("closed", system_call(CALL_CLOSE, 77, 0, 0));
	say_number("closed twice", system_call(CALL_CLOSE, 77, 0, 0));
	say_number("closed -1", system_call(CALL_CLOSE, -1, 0, 0));
	say_number("copy of none", system_call(CALL_DUP, 77, 0, 0));
}

/* same: numbers run out; how many there are, the host says */
void descriptors_run_out()
{
	int file = 0;
	int i = 0;
	while(i < 1000)
	{
		file = open_for("kaem.amd64", READ_ONLY);
		if(0 > file) i = 2000;
		i = i + 1;
	}
	say_number("a thousand:", 0 <= file);
}

/* same: a device that every Unix has; nothing is kept of what is written */
void open_null_device()
{
	char* buffer = calloc(8, sizeof(char));
	int file = open_for("/dev/null", READ_WRITE);
	say_number("opened:", 0 <= file);
	say_number("write", system_call(CALL_WRITE, file, "abc", 3));
	say_number("read", system_call(CALL_READ, file, buffer, 8));
}

/* varies: what the host keeps at a fixed place */
void open_file_of_the_host()
{
	say_file("/etc/hostname");
}

/* varies: what a kernel tells of a process */
void open_proc()
{
	char* buffer = calloc(256, sizeof(char));
	int file = open_for("/proc/self/stat", READ_ONLY);
	say_number("opened:", 0 <= file);
	system_call(CALL_READ, file, buffer, 200);
	say(buffer);
}

/* varies: a file beside the tree is the host's */
void open_beside_the_tree()
{
	say_number("opened:", 0 <= open_for("../assay-probe-beside", MADE));
}

/* same: ways round within the tree */
void open_dots()
{
	say_number("dots:", 0 <= open_for("./M2libc/../M2libc/./stdio.c", READ_ONLY));
	say_number("through a file", open_for("kaem.amd64/../kaem.amd64", READ_ONLY));
	say_number("through nothing", open_for("probes/none/../out", READ_ONLY));
}

/* same: rights asked for */
void access_rights()
{
	say_number("is there", system_call(CALL_ACCESS, "kaem.amd64", 0, 0));
	say_number("is not there", system_call(CALL_ACCESS, "probes/none", 0, 0));
	say_number("to read", system_call(CALL_ACCESS, "kaem.amd64", 4, 0));
	say_number("to execute", system_call(CALL_ACCESS, "kaem.amd64", 1, 0));
	say_number("directory to execute", system_call(CALL_ACCESS, "M2libc", 1, 0));
	say_number("no such right", system_call(CALL_ACCESS, "kaem.amd64", 8, 0));
}
