/* SPDX-FileCopyrightText: 2026 The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all probes use. A probe is a function of no arguments below a comment of one line; it says what it sees in a
 * file of its name. The runner adds the main function that calls the probe named on the command line.
 * M2-Planet's C: no short circuits, no initialised arrays, words for all that is no char.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include "M2libc/bootstrappable.h"

#if __x86_64__
#define CALL_READ 0
#define CALL_WRITE 1
#define CALL_OPEN 2
#define CALL_CLOSE 3
#define CALL_LSEEK 8
#define CALL_BRK 12
#define CALL_ACCESS 21
#define CALL_DUP 32
#define CALL_DUP2 33
#define CALL_NANOSLEEP 35
#define CALL_GETPID 39
#define CALL_FORK 57
#define CALL_EXECVE 59
#define CALL_WAIT 61
#define CALL_KILL 62
#define CALL_UNAME 63
#define CALL_TRUNCATE 76
#define CALL_FTRUNCATE 77
#define CALL_GETCWD 79
#define CALL_CHDIR 80
#define CALL_RENAME 82
#define CALL_MKDIR 83
#define CALL_RMDIR 84
#define CALL_CREAT 85
#define CALL_LINK 86
#define CALL_UNLINK 87
#define CALL_SYMLINK 88
#define CALL_READLINK 89
#define CALL_CHMOD 90
#define CALL_UMASK 95
#define CALL_GETTIMEOFDAY 96
#define CALL_GETPPID 110
#define CALL_UNKNOWN 999

/* The raw result of the kernel, errors as negative numbers. */
int system_call(int number, int first, int second, int third)
{
	asm("lea_rdi,[rsp+DWORD] %24"
	    "mov_rdi,[rdi]"
	    "lea_rsi,[rsp+DWORD] %16"
	    "mov_rsi,[rsi]"
	    "lea_rdx,[rsp+DWORD] %8"
	    "mov_rdx,[rdx]"
	    "mov_r10, %0"
	    "lea_rax,[rsp+DWORD] %32"
	    "mov_rax,[rax]"
	    "syscall");
}
#elif __i386__
#define CALL_READ 3
#define CALL_WRITE 4
#define CALL_OPEN 5
#define CALL_CLOSE 6
#define CALL_LSEEK 19
#define CALL_BRK 45
#define CALL_ACCESS 33
#define CALL_DUP 41
#define CALL_DUP2 63
#define CALL_NANOSLEEP 162
#define CALL_GETPID 20
#define CALL_FORK 2
#define CALL_EXECVE 11
#define CALL_WAIT 7
#define CALL_KILL 37
#define CALL_UNAME 122
#define CALL_TRUNCATE 92
#define CALL_FTRUNCATE 93
#define CALL_GETCWD 183
#define CALL_CHDIR 12
#define CALL_RENAME 38
#define CALL_MKDIR 39
#define CALL_RMDIR 40
#define CALL_CREAT 8
#define CALL_LINK 9
#define CALL_UNLINK 10
#define CALL_SYMLINK 83
#define CALL_READLINK 85
#define CALL_CHMOD 15
#define CALL_UMASK 60
#define CALL_GETTIMEOFDAY 78
#define CALL_GETPPID 64
#define CALL_UNKNOWN 999

int system_call(int number, int first, int second, int third)
{
	asm("lea_ebx,[esp+DWORD] %12"
	    "mov_ebx,[ebx]"
	    "lea_ecx,[esp+DWORD] %8"
	    "mov_ecx,[ecx]"
	    "lea_edx,[esp+DWORD] %4"
	    "mov_edx,[edx]"
	    "mov_eax,[esp+DWORD] %16"
	    "int !0x80");
}
#else
#error no numbers of system calls for this architecture
#endif

#define READ_ONLY 0
#define WRITE_ONLY 1
#define READ_WRITE 2
#define MADE 65           /* write only, created */
#define MADE_NEW 193      /* write only, created, must not be there */
#define MADE_EMPTY 577    /* write only, created, truncated */
#define APPENDED 1089     /* write only, created, appended */
#define OWNER 384         /* 0600 */
#define ALL_OF_OWNER 448  /* 0700 */

char** arguments;
char** variables;
int out; /* where a probe writes */

void say(char* text)
{
	write(out, text, strlen(text));
}

void say_number(char* what, int number)
{
	say(what);
	say(" ");
	say(int2str(number, 10, TRUE));
	say("\n");
}

int open_for(char* path, int flags)
{
	return system_call(CALL_OPEN, path, flags, OWNER);
}

/* A file with this content. */
void make(char* path, char* content)
{
	int file = open_for(path, MADE_EMPTY);
	write(file, content, strlen(content));
	close(file);
}

/* The content of a file, or that there is none. */
void say_file(char* path)
{
	char* buffer = calloc(4096, sizeof(char));
	int file = open_for(path, READ_ONLY);
	int size;
	say(path);
	if(0 > file)
	{
		say_number(" cannot be opened:", file);
		return;
	}
	size = system_call(CALL_READ, file, buffer, 4000);
	say_number(" has", size);
	if(0 < size) write(out, buffer, size);
	say("\n");
	close(file);
}

int* status_of_child;

/* Waits for this child and says how it ended. */
void say_end(int child)
{
	int waited;
	status_of_child = calloc(2, sizeof(int));
	waited = system_call(CALL_WAIT, child, status_of_child, 0);
	say_number("waited for the child:", waited == child);
	say_number("status", status_of_child[0]);
}

/* Starts a program and says how it ended. */
void say_run(char* program, char** argv, char** envp)
{
	int child = system_call(CALL_FORK, 0, 0, 0);
	if(0 == child)
	{
		int refused = system_call(CALL_EXECVE, program, argv, envp);
		say_number("execve", refused);
		_exit(7);
	}
	say_end(child);
}

char** words(char* first, char* second, char* third)
{
	char** list = calloc(4, sizeof(char*));
	list[0] = first;
	list[1] = second;
	list[2] = third;
	return list;
}
