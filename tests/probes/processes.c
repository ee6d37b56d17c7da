/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Probes: processes, waiting, signals, what a program is started with.
 */
#include "common.c"

/* varies: the text of uname is the host's */
void uname_text()
{
	char* names = calloc(512, sizeof(char));
	system_call(CALL_UNAME, names, 0, 0);
	say(names);
	say(names + 130);
	say(names + 195);
}

/* same: the first field of uname alone, which is Linux everywhere */
void uname_system()
{
	char* names = calloc(512, sizeof(char));
	say_number("uname", system_call(CALL_UNAME, names, 0, 0));
	say(names);
}

/* same: uname without a buffer */
void uname_nowhere()
{
	say_number("uname", system_call(CALL_UNAME, 0, 0, 0));
}

/* varies: a process number */
void own_number()
{
	say_number("getpid", system_call(CALL_GETPID, 0, 0, 0));
}

/* varies: the parent's process number */
void number_of_parent()
{
	say_number("getppid", system_call(CALL_GETPPID, 0, 0, 0));
}

/* same: the child knows its parent by the number that the parent has */
void numbers_agree()
{
	int own = system_call(CALL_GETPID, 0, 0, 0);
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		say_number("parent is known:", own == system_call(CALL_GETPPID, 0, 0, 0));
		_exit(0);
	}
	say_end(child);
	say_number("numbers differ:", own != child);
}

/* varies: whether a child has ended already when nobody waits for it to */
void wait_without_hanging()
{
	int i = 0;
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		while(i < 50000000) i = i + 1;
		_exit(0);
	}
	say_number("waitpid says 0:", 0 == system_call(CALL_WAIT, child, 0, 1));
	system_call(CALL_WAIT, child, 0, 0);
}

/* same: options that change nothing for a child that ends */
void wait_for_stopped_ones_too()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(3);
	say_number("ended:", child == system_call(CALL_WAIT, child, 0, 2));
}

/* same: options that do not exist */
void wait_with_wrong_options()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(3);
	say_number("waitpid", system_call(CALL_WAIT, child, 0, 65536));
	say_number("ended:", child == system_call(CALL_WAIT, child, 0, 0));
}

/* same: there is no child */
void wait_for_nobody()
{
	say_number("any", system_call(CALL_WAIT, -1, 0, 0));
	say_number("not hanging", system_call(CALL_WAIT, -1, 0, 1));
	say_number("a stranger", system_call(CALL_WAIT, 1, 0, 0));
}

/* same: a child is waited for once */
void wait_twice()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(3);
	say_end(child);
	say_number("again", system_call(CALL_WAIT, child, 0, 0));
}

/* same: any child, and its group */
void wait_for_any()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(3);
	say_number("any:", child == system_call(CALL_WAIT, -1, 0, 0));
	child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(3);
	say_number("of the group:", child == system_call(CALL_WAIT, 0, 0, 0));
}

/* same: a status has eight bits */
void exit_status()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(300);
	say_end(child);
	child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child) _exit(-1);
	say_end(child);
}

/* same: a child that writes where nothing is */
void child_killed_by_a_fault()
{
	char* nowhere = 16;
	int child;
	status_of_child = calloc(2, sizeof(int));
	child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		nowhere[0] = 1;
		_exit(0);
	}
	system_call(CALL_WAIT, child, status_of_child, 0);
	say_number("signal", status_of_child[0] & 127);
}

/* same: a child that divides by zero */
void child_killed_by_a_division()
{
	int zero = 0;
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		say_number("quotient", 7 / zero);
		_exit(0);
	}
	status_of_child = calloc(2, sizeof(int));
	system_call(CALL_WAIT, child, status_of_child, 0);
	say_number("signal", status_of_child[0] & 127);
}

/* same: a child that kills itself */
void child_killed_by_itself()
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		system_call(CALL_KILL, system_call(CALL_GETPID, 0, 0, 0), 9, 0);
		_exit(0);
	}
	status_of_child = calloc(2, sizeof(int));
	system_call(CALL_WAIT, child, status_of_child, 0);
	say_number("signal", status_of_child[0] & 127);
}

/* varies: a parent and its child write side by side */
void parent_does_not_wait()
{
	int i = 0;
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		while(i < 50000000) i = i + 1;
		say("C");
		_exit(0);
	}
	say("P");
	system_call(CALL_WAIT, child, 0, 0);
}

/* varies: a child that nobody waits for writes some time later */
void child_outlives()
{
	int i = 0;
	if(0 == system_call(CALL_FORK, 0, 0, 0))
	{
		while(i < 50000000) i = i + 1;
		say("late");
		_exit(0);
	}
}

/* same: a child of a child, each waited for */
void grandchild()
{
	int inner;
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		inner = system_call(CALL_FORK, 0, 0, 0);
		if(0 == inner)
		{
			say("inner\n");
			_exit(5);
		}
		say_end(inner);
		_exit(6);
	}
	say_end(child);
}

/* same: a child changes its copy of memory and its own directory only */
void child_has_its_own_memory()
{
	char* shared = calloc(16, sizeof(char));
	char* where = calloc(4096, sizeof(char));
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		shared[0] = 65;
		system_call(CALL_CHDIR, "M2libc", 0, 0);
		_exit(0);
	}
	say_end(child);
	say_number("byte", shared[0]);
	say_number("still at the root:", 0 <= open_for("kaem.amd64", READ_ONLY));
}

/* same: programs that cannot be started */
void execve_refused()
{
	char** argv = words("x", NULL, NULL);
	say_number("missing", system_call(CALL_EXECVE, "probes/none", argv, variables));
	say_number("directory", system_call(CALL_EXECVE, "M2libc", argv, variables));
	say_number("not executable", system_call(CALL_EXECVE, "kaem.amd64", argv, variables));
	say_number("below a file", system_call(CALL_EXECVE, "kaem.amd64/x", argv, variables));
	say_number("no name", system_call(CALL_EXECVE, "", argv, variables));
	say_number("nowhere", system_call(CALL_EXECVE, 16, argv, variables));
	say_number("arguments nowhere", system_call(CALL_EXECVE, arguments[0], 16, variables));
}

/* same: files with the right to be executed that are no programs */
void execve_of_no_program()
{
	char** argv = words("x", NULL, NULL);
	make("probes/out/text", "no program at all, but long enough for a header\n");
	system_call(CALL_CHMOD, "probes/out/text", ALL_OF_OWNER, 0);
	say_number("text", system_call(CALL_EXECVE, "probes/out/text", argv, variables));
	make("probes/out/empty", "");
	system_call(CALL_CHMOD, "probes/out/empty", ALL_OF_OWNER, 0);
	say_number("empty", system_call(CALL_EXECVE, "probes/out/empty", argv, variables));
	make("probes/out/lost", "#!/nowhere/at-all\n");
	system_call(CALL_CHMOD, "probes/out/lost", ALL_OF_OWNER, 0);
	say_number("interpreter missing", system_call(CALL_EXECVE, "probes/out/lost", argv, variables));
}

/* same: a script names the program that reads it */
void execve_of_a_script()
{
	make("probes/out/script", "#!./probes/program said_by_script\n");
	system_call(CALL_CHMOD, "probes/out/script", ALL_OF_OWNER, 0);
	say_run("probes/out/script", words("x", "y", NULL), variables);
}

/* no probe of its own: what the one above starts */
void said_by_script()
{
	int i = 0;
	while(NULL != arguments[i])
	{
		say(arguments[i]);
		say("\n");
		i = i + 1;
	}
}

/* same: what a program is started with, but the order and values of variables that the user sets */
void arguments_of_a_step()
{
	said_by_script();
}

/* same: all variables, as the scripts set them */
void variables_of_a_step()
{
	int i = 0;
	while(NULL != variables[i])
	{
		say(variables[i]);
		say("\n");
		i = i + 1;
	}
}

/* varies: a program without any argument; kernels since 5.18 give it an empty one */
void execve_without_arguments()
{
	char** none = calloc(2, sizeof(char*));
	say_run(arguments[0], none, none);
}

/* same: an argument longer than the kernel takes */
void execve_with_a_huge_argument()
{
	char* huge = calloc(200000, sizeof(char));
	memset(huge, 65, 199999);
	say_number("200000", system_call(CALL_EXECVE, arguments[0], words("x", huge, NULL), variables));
}

/* same: an argument of 100000 bytes arrives */
void execve_with_a_large_argument()
{
	char* large = calloc(100001, sizeof(char));
	memset(large, 65, 100000);
	say_run(arguments[0], words("x", "length_of_argument", large), variables);
}

/* no probe of its own: what the one above starts */
void length_of_argument()
{
	if(NULL != arguments[2]) say_number("length", strlen(arguments[2]));
}

/* same: a call that no kernel has */
void unknown_call()
{
	say_number("unknown", system_call(CALL_UNKNOWN, 0, 0, 0));
}

/* varies: the clock */
void time_of_day()
{
	char* time = calloc(32, sizeof(char));
	say_number("gettimeofday", system_call(CALL_GETTIMEOFDAY, time, 0, 0));
	write(out, time, 8);
}

/* same: time passes, nothing else happens */
void sleep_a_little()
{
	char* time = calloc(32, sizeof(char));
	say_number("nanosleep", system_call(CALL_NANOSLEEP, time, 0, 0));
}

/* fails: a step ends with a status that is not 0 */
void step_fails()
{
	say("before");
	_exit(4);
}

/* fails: a step is killed */
void step_is_killed()
{
	char* nowhere = 16;
	say("before");
	nowhere[0] = 1;
}
