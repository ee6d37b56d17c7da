/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probes: names, directories, links and rights.
 */
#include "common.c"

/* same: making directories */
void make_directories()
{
	say_number("new", system_call(CALL_MKDIR, "probes/out/new", ALL_OF_OWNER, 0));
	say_number("again", system_call(CALL_MKDIR, "probes/out/new", ALL_OF_OWNER, 0));
	say_number("over a file", system_call(CALL_MKDIR, "kaem.amd64", ALL_OF_OWNER, 0));
	say_number("without a parent", system_call(CALL_MKDIR, "probes/none/new", ALL_OF_OWNER, 0));
	say_number("with a slash", system_call(CALL_MKDIR, "probes/out/other/", ALL_OF_OWNER, 0));
	say_number("here", system_call(CALL_MKDIR, ".", ALL_OF_OWNER, 0));
	make("probes/out/new/file", "content");
	make("probes/out/other/file", "content");
}

/* same: removing directories */
void remove_directories()
{
	system_call(CALL_MKDIR, "probes/out/new", ALL_OF_OWNER, 0);
	make("probes/out/new/file", "content");
	say_number("not empty", system_call(CALL_RMDIR, "probes/out/new", 0, 0));
	say_number("a file", system_call(CALL_RMDIR, "probes/out/new/file", 0, 0));
	system_call(CALL_UNLINK, "probes/out/new/file", 0, 0);
	say_number("a dot", system_call(CALL_RMDIR, "probes/out/new/.", 0, 0));
	say_number("empty", system_call(CALL_RMDIR, "probes/out/new", 0, 0));
	say_number("missing", system_call(CALL_RMDIR, "probes/out/new", 0, 0));
}

/* same: removing names */
void remove_names()
{
	make("probes/out/file", "content");
	say_number("a file", system_call(CALL_UNLINK, "probes/out/file", 0, 0));
	say_number("missing", system_call(CALL_UNLINK, "probes/out/file", 0, 0));
	say_number("a directory", system_call(CALL_UNLINK, "probes/out", 0, 0));
	say_number("with a slash", system_call(CALL_UNLINK, "kaem.amd64/", 0, 0));
	system_call(CALL_SYMLINK, "../../kaem.amd64", "probes/out/link", 0);
	say_number("a link", system_call(CALL_UNLINK, "probes/out/link", 0, 0));
	say_number("its target is there:", 0 <= open_for("kaem.amd64", READ_ONLY));
}

/* same: a file of the tree is taken away by a step */
void remove_a_text_of_the_tree()
{
	say_number("unlink", system_call(CALL_UNLINK, "M2libc/README.md", 0, 0));
}

/* same: giving files other names */
void rename_files()
{
	make("probes/out/a", "a");
	make("probes/out/b", "b");
	say_number("new name", system_call(CALL_RENAME, "probes/out/a", "probes/out/c", 0));
	say_number("over another", system_call(CALL_RENAME, "probes/out/c", "probes/out/b", 0));
	say_number("missing", system_call(CALL_RENAME, "probes/out/a", "probes/out/d", 0));
	say_number("onto itself", system_call(CALL_RENAME, "probes/out/b", "probes/out/b", 0));
	say_number("onto a directory", system_call(CALL_RENAME, "probes/out/b", "M2libc", 0));
	say_number("nowhere", system_call(CALL_RENAME, "probes/out/b", "probes/none/b", 0));
}

/* same: giving directories other names */
void rename_directories()
{
	system_call(CALL_MKDIR, "probes/out/a", ALL_OF_OWNER, 0);
	make("probes/out/a/file", "content");
	make("probes/out/b", "b");
	say_number("onto a file", system_call(CALL_RENAME, "probes/out/a", "probes/out/b", 0));
	say_number("into itself", system_call(CALL_RENAME, "probes/out/a", "probes/out/a/a", 0));
	say_number("new name", system_call(CALL_RENAME, "probes/out/a", "probes/out/c", 0));
	say_file("probes/out/c/file");
}

/* same: two names of one file */
void hard_links()
{
	make("probes/out/a", "first");
	say_number("link", system_call(CALL_LINK, "probes/out/a", "probes/out/b", 0));
	say_number("again", system_call(CALL_LINK, "probes/out/a", "probes/out/b", 0));
	say_number("of a directory", system_call(CALL_LINK, "M2libc", "probes/out/c", 0));
	say_number("of nothing", system_call(CALL_LINK, "probes/none", "probes/out/c", 0));
	make("probes/out/b", "second");
	say_file("probes/out/a");
	system_call(CALL_CHMOD, "probes/out/b", ALL_OF_OWNER, 0);
	system_call(CALL_UNLINK, "probes/out/b", 0, 0);
}

/* same: links by name */
void symbolic_links()
{
	char* buffer = calloc(64, sizeof(char));
	make("probes/out/a", "first");
	say_number("link", system_call(CALL_SYMLINK, "a", "probes/out/b", 0));
	say_number("again", system_call(CALL_SYMLINK, "a", "probes/out/b", 0));
	say_number("to nothing", system_call(CALL_SYMLINK, "", "probes/out/c", 0));
	say_number("target", system_call(CALL_READLINK, "probes/out/b", buffer, 60));
	say(buffer);
	say_number("of a file", system_call(CALL_READLINK, "probes/out/a", buffer, 60));
	say_number("cut", system_call(CALL_READLINK, "probes/out/b", buffer, 0));
	say_file("probes/out/b");
}

/* same: a link to a directory on the way */
void link_on_the_way()
{
	system_call(CALL_MKDIR, "probes/out/d", ALL_OF_OWNER, 0);
	system_call(CALL_SYMLINK, "d", "probes/out/e", 0);
	make("probes/out/e/file", "content");
	say_file("probes/out/d/file");
	say_number("back:", 0 <= open_for("probes/out/e/../d/file", READ_ONLY));
}

/* same: rights are changed, through links too */
void change_rights()
{
	make("probes/out/a", "first");
	make("probes/out/b", "second");
	system_call(CALL_SYMLINK, "b", "probes/out/c", 0);
	say_number("chmod", system_call(CALL_CHMOD, "probes/out/a", 341, 0));
	say_number("through a link", system_call(CALL_CHMOD, "probes/out/c", 457, 0));
	say_number("missing", system_call(CALL_CHMOD, "probes/none", 457, 0));
	say_number("all bits", system_call(CALL_CHMOD, "probes/out/a", 4095, 0));
}

/* varies: whether the user may read what nobody may read: root may */
void read_without_rights()
{
	make("probes/out/a", "first");
	system_call(CALL_CHMOD, "probes/out/a", 0, 0);
	say_number("opened:", 0 <= open_for("probes/out/a", READ_ONLY));
	system_call(CALL_CHMOD, "probes/out/a", OWNER, 0);
}

/* same: a program that nobody may execute */
void execute_without_rights()
{
	make("probes/out/a", "first");
	say_number("execve", system_call(CALL_EXECVE, "probes/out/a", arguments, variables));
}

/* same: going into directories */
void change_directory()
{
	say_number("chdir", system_call(CALL_CHDIR, "M2libc/sys", 0, 0));
	say_number("opened:", 0 <= open_for("types.h", READ_ONLY));
	say_number("up", system_call(CALL_CHDIR, "../..", 0, 0));
	say_number("a file", system_call(CALL_CHDIR, "kaem.amd64", 0, 0));
	say_number("missing", system_call(CALL_CHDIR, "probes/none", 0, 0));
	say_number("no name", system_call(CALL_CHDIR, "", 0, 0));
	say_number("still at the root:", 0 <= open_for("kaem.amd64", READ_ONLY));
}

/* varies: where the tree lies is the user's */
void name_of_the_directory()
{
	char* buffer = calloc(4096, sizeof(char));
	say_number("getcwd failed:", 0 > system_call(CALL_GETCWD, buffer, 4096, 0));
	say(buffer);
}

/* same: a buffer that is too small for any name */
void name_of_the_directory_cut()
{
	char* buffer = calloc(16, sizeof(char));
	say_number("getcwd", system_call(CALL_GETCWD, buffer, 1, 0));
}

/* same: a directory that is removed while one is in it */
void directory_goes_away()
{
	system_call(CALL_MKDIR, "probes/out/d", ALL_OF_OWNER, 0);
	system_call(CALL_CHDIR, "probes/out/d", 0, 0);
	say_number("rmdir", system_call(CALL_RMDIR, "../d", 0, 0));
	say_number("made there", open_for("file", MADE));
	say_number("back", system_call(CALL_CHDIR, "..", 0, 0));
}

/* same: rights with the mask taken away, of directories */
void rights_of_directories()
{
	system_call(CALL_UMASK, 18, 0, 0);
	system_call(CALL_MKDIR, "probes/out/d", 511, 0);
	make("probes/out/d/file", "content");
}

/* same: two names of a source, one is written */
void hard_link_to_a_source()
{
	say_number("link", system_call(CALL_LINK, "M2libc/README.md", "probes/out/second", 0));
	make("probes/out/second", "written by the probe\n");
	say_file("M2libc/README.md");
}
