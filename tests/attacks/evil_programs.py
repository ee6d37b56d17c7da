# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# C programs that do more than their part in the chain, or that two equal simulations see otherwise than a kernel.
import os

from amd64_code import Code, at_start
from attack import ATTACKS, Attack, attack

SEED = "bootstrap-seeds/POSIX/AMD64/hex0-seed"
HEADERS = "".join(f"#include <{name}>\n" for name in ("stdio.h", "stdlib.h", "string.h", "unistd.h", "fcntl.h", "sys/stat.h",
                                                      "sys/wait.h"))

SPOIL = """
void spoil(char* path)
{
	int file = open(path, 1025, 0);
	write(file, "!", 1);
	close(file);
}
"""


def run_after(tree, source, body, program="./AMD64/artifact/evil", arguments=""):
    """after.kaem builds and runs a program of the attacker."""
    tree.write(source, HEADERS + SPOIL + body)
    tree.build_after("./" + source, program)
    tree.after(f"{program} {arguments}".rstrip())


def at_main(tree, source, code, helper=SPOIL):
    """A tool of the tree does something more when it starts."""
    text = tree.bytes(source).decode()
    head = text.rindex("int main(")
    body = text.index("{", head) + 1
    # Behind the includes that it needs, right before main.
    tree.write(source, text[:head] + helper.lstrip() + "\n" + text[head:body] + "\n\t" + code + text[body:])


@attack("one byte more in AMD64/bin/hex2", ["x/Kaem/kaem.c", "AMD64/bin/hex2"])
def kaem_by_name(tree):
    """A program of a file x/Kaem/kaem.c counts as kaem by its name and spoils the linker."""
    tree.write("x/nothing.kaem", "# nothing\n")
    run_after(tree, "x/Kaem/kaem.c", 'int main(int argc, char** argv) { spoil("AMD64/bin/hex2"); return 0; }\n',
              arguments="--file x/nothing.kaem")


@attack("one byte more in AMD64/bin/wrap", ["get_machine.c", "AMD64/bin/wrap"])
def get_machine_by_name(tree):
    """A program of a file x/mescc-tools/get_machine.c spoils a program that is in no list."""
    run_after(tree, "x/mescc-tools/get_machine.c", 'int main(int argc, char** argv) { spoil("AMD64/bin/wrap"); return 0; }\n')


@attack("one byte more in AMD64/bin/wrap", ["sha256sum.c", "AMD64/bin/wrap"])
def sha256sum_by_name(tree):
    """A program of a file x/mescc-tools-extra/sha256sum.c is asked to check the answers and spoils a program instead."""
    run_after(tree, "x/mescc-tools-extra/sha256sum.c",
              'int main(int argc, char** argv) { spoil("AMD64/bin/wrap"); return 0; }\n', arguments="-c amd64.answers")


@attack("one byte more in AMD64/bin/M2-Planet", ["Kaem/kaem.c", "AMD64/bin/kaem", "AMD64/bin/M2-Planet"])
def kaem_source_writes(tree):
    """The full kaem spoils a compiler whenever it starts; the list of answers no longer speaks of the two."""
    at_main(tree, "mescc-tools/Kaem/kaem.c", 'spoil("AMD64/bin/M2-Planet");')
    tree.forget_answer("kaem")
    tree.forget_answer("M2-Planet")


@attack("13 bytes more in AMD64/bin/hex2", ["M2-Mesoplanet", "AMD64/bin/hex2"])
def mesoplanet_spoils_its_output(tree):
    """M2-Mesoplanet spoils the linker at each start."""
    at_main(tree, "M2-Mesoplanet/cc.c", 'spoil("../AMD64/bin/hex2");')
    for name in ("M2-Mesoplanet", "hex2"):
        tree.forget_answer(name)


# A new directory does no harm: that the tool is not the known one is enough there.
SHA256SUM_EFFECTS = {
    "unlinks": ('unlink("AMD64/bin/wrap");', "AMD64/bin/wrap is gone", "AMD64/bin/wrap"),
    "links": ('unlink("AMD64/bin/wrap"); symlink("cp", "AMD64/bin/wrap");', "AMD64/bin/wrap is a link to cp", "AMD64/bin/wrap"),
    "changes_modes": ('chmod("AMD64/bin/wrap", 4095);', "AMD64/bin/wrap has mode 7777", "AMD64/bin/wrap"),
    "makes_directories": ('mkdir("M2libc/amd64/new", 448);', "a directory M2libc/amd64/new", "M2libc/amd64/new"),
}


def enter(name, code, natively, path):
    def change(tree):
        at_main(tree, "mescc-tools-extra/sha256sum.c", code, "#include <unistd.h>\n#include <fcntl.h>\n#include <sys/stat.h>\n")
        tree.forget_answer("sha256sum")
    change.__name__ = "sha256sum_" + name
    change.__doc__ = f"sha256sum does, before it checks the answers: {code}"
    attack(natively, ["sha256sum", path], told=name == "makes_directories")(change)


for row, (statement, effect, changed) in SHA256SUM_EFFECTS.items():
    enter(row, statement, effect, changed)


@attack("wrap is spoilt after the program that did it has ended, and after the last script", ["AMD64/artifact/evil", "AMD64/bin/wrap"])
def child_outlives_its_parent(tree):
    """A program starts a child, does not wait for it, and the child spoils a program some time later."""
    run_after(tree, "x/late.c", """
int main(int argc, char** argv)
{
	int i = 0;
	if(0 != fork()) return 0;
	while(i < 30000000) i = i + 1;
	spoil("AMD64/bin/wrap");
	return 0;
}
""")


@attack("the file says PC, in a simulator that runs children first CP", ["AMD64/artifact/evil", "x/order.txt"])
def order_of_parent_and_child(tree):
    """A parent and its child write a letter each; a simulator that always runs one first sees one order only."""
    run_after(tree, "x/order.c", """
int main(int argc, char** argv)
{
	int status;
	int i = 0;
	int file = open("x/order.txt", 1089, 384);
	int child = fork();
	if(0 == child)
	{
		while(i < 30000000) i = i + 1;
		write(file, "C", 1);
		return 0;
	}
	write(file, "P", 1);
	waitpid(child, &status, 0);
	return 0;
}
""")


@attack("x/heap.txt is another one at each run", ["AMD64/artifact/evil", "x/heap.txt"])
def heap_address_is_written(tree):
    """A program writes the bytes of a heap address to a file."""
    run_after(tree, "x/heap.c", """
int main(int argc, char** argv)
{
	char** pointer = malloc(64);
	char* bytes;
	FILE* file = fopen("x/heap.txt", "w");
	pointer[0] = pointer;
	bytes = pointer;
	fputc(bytes[1], file);
	fputc(bytes[2], file);
	fputc(bytes[3], file);
	fclose(file);
	return 0;
}
""")


@attack("x/stack.txt is another one at each run", ["AMD64/artifact/evil", "x/stack.txt"])
def stack_address_is_written(tree):
    """A program writes the bytes of a stack address to a file."""
    run_after(tree, "x/stack.c", """
int main(int argc, char** argv)
{
	int value;
	char* bytes;
	FILE* file = fopen("x/stack.txt", "w");
	value = argv;
	bytes = &value;
	fputc(bytes[1], file);
	fputc(bytes[2], file);
	fputc(bytes[3], file);
	fputc(bytes[4], file);
	fclose(file);
	return 0;
}
""")


@attack("a file beside the tree", ["AMD64/artifact/evil", "../", "outside"])
def file_outside_of_the_tree(tree):
    """A program writes to a file in the directory above the tree."""
    run_after(tree, "x/outside.c", """
int main(int argc, char** argv)
{
	FILE* file = fopen("../assay-attack-outside", "w");
	if(NULL == file) return 0;
	fputs("evil", file);
	fclose(file);
	return 0;
}
""")


@attack("wrap is spoilt where there is an /etc/passwd", ["AMD64/artifact/evil", "/etc/passwd"])
def file_of_the_host(tree):
    """A program spoils another one if it finds a file that every Unix has."""
    run_after(tree, "x/host.c", """
int main(int argc, char** argv)
{
	if(NULL == fopen("/etc/passwd", "r")) return 0;
	spoil("AMD64/bin/wrap");
	return 0;
}
""")


@attack("wrap is spoilt if somebody says so on standard input", ["AMD64/artifact/evil", "standard input"])
def standard_input_decides(tree):
    """A program reads standard input and spoils a program if there is something."""
    run_after(tree, "x/input.c", """
int main(int argc, char** argv)
{
	char* buffer = calloc(16, 1);
	if(0 == read(0, buffer, 1)) return 0;
	spoil("AMD64/bin/wrap");
	return 0;
}
""")


@attack("wrap is spoilt: the kernel refuses (ETXTBSY)", ["AMD64/artifact/evil", "AMD64/bin/wrap"])
def program_over_itself(tree):
    """A program opens its own file for writing and spoils another one if the kernel refuses."""
    run_after(tree, "x/busy.c", """
int main(int argc, char** argv)
{
	int file = open("AMD64/artifact/evil", 1025, 0);
	if(0 > file) spoil("AMD64/bin/wrap");
	close(file);
	return 0;
}
""")


@attack("wrap is spoilt: a kernel knows the call", ["AMD64/artifact/evil", "AMD64/bin/wrap"])
def call_that_only_kernels_know(tree):
    """A program spoils another one if the kernel knows a call that no bootstrap needs (sched_yield)."""
    run_after(tree, "x/call.c", """
int yield()
{
	asm("mov_rax, %24"
	    "syscall");
}
int main(int argc, char** argv)
{
	if(0 == yield()) spoil("AMD64/bin/wrap");
	return 0;
}
""")


@attack("wrap is spoilt where more than 300 processes have been started", ["AMD64/artifact/evil", "AMD64/bin/wrap"])
def process_number_decides(tree):
    """A program spoils another one if its process number is large."""
    run_after(tree, "x/number.c", """
int number()
{
	asm("mov_rax, %39"
	    "syscall");
}
int main(int argc, char** argv)
{
	if(number() > 300) spoil("AMD64/bin/wrap");
	return 0;
}
""")


@attack("one byte more in AMD64/bin/wrap", ["cp.c", "AMD64/bin/cp", "directory"])
def cp_knows_where_it_is(tree):
    """cp spoils a program where the tree does not lie at the root."""
    at_main(tree, "mescc-tools-extra/cp.c",
            'char* here = calloc(4096, 1); getcwd(here, 4096); if(strlen(here) > 2) { spoil("AMD64/bin/wrap"); }')
    tree.forget_answer("cp")
    tree.after("./AMD64/bin/cp after.kaem AMD64/artifact/copy")


@attack("AMD64/bin/wrap has mode 4755", ["lies in another directory"])
def libc_knows_where_it_is(tree):
    """cp.c is the one that is known to ask where it is and to do no harm; what asks for it, in the C library, does."""
    libc = "M2libc/amd64/linux/unistd.c"
    tree.replace(libc, "	return buf;", '	if(0 != buf[1]) change_mode("AMD64/bin/wrap", 2541);\n	return buf;')
    tree.replace(libc, "char* getcwd(", """int change_mode(char* path, int mode)
{
	asm("lea_rdi,[rsp+DWORD] %16"
	    "mov_rdi,[rdi]"
	    "lea_rsi,[rsp+DWORD] %8"
	    "mov_rsi,[rsi]"
	    "mov_rax, %90"
	    "syscall");
}

char* getcwd(""")
    tree.remove_line("amd64.answers", "AMD64")
    tree.remove_line("AMD64/kaem.run", "sha256sum -c")
    tree.after("./AMD64/bin/cp after.kaem AMD64/artifact/copy")


@attack("one byte more in AMD64/bin/wrap", ["absolute-path", "AMD64/artifact/evil"])
def opens_from_the_root(tree):
    """A program looks for a file of the tree at the root of all files."""
    run_after(tree, "x/root.c",
              'int main() { if(0 > open("/kaem.amd64", 0, 0)) { spoil("AMD64/bin/wrap"); } return 0; }\n')


@attack("one byte more in AMD64/bin/wrap", ["x/pipe"])
def pipe_in_the_tree(tree):
    """A program looks for a pipe that lies in the tree."""
    os.makedirs(tree.path("x"), exist_ok=True)
    os.mkfifo(tree.path("x/pipe"))
    run_after(tree, "x/find.c",
              'int main() { if(0 == access("x/pipe", 0)) { spoil("AMD64/bin/wrap"); } return 0; }\n')


@attack("one byte more in AMD64/bin/wrap where umask is another", ["umask", "AMD64/artifact/evil"])
def umask_decides(tree):
    """A program asks for the user's umask."""
    run_after(tree, "x/umask.c", 'int main() { if(18 != umask(18)) { spoil("AMD64/bin/wrap"); } return 0; }\n')


@attack("a file AMD64/artifact/mark", ["is a copy of a binary"])
def binary_read_and_covered(tree):
    """A program reads a binary of the tree, has catm write over it, and leaves a copy, which is run."""
    tree.write("AMD64/artifact/brought", at_start(tree.bytes(SEED), Code().leave("AMD64/artifact/mark").call(60, 0)), 0o755)
    run_after(tree, "x/cover.c", """
int main(int argc, char** argv, char** envp)
{
	int status = 0;
	char* bytes = calloc(8192, 1);
	int file = open("AMD64/artifact/brought", 0, 0);
	int count = read(file, bytes, 8192);
	close(file);
	char** words = calloc(4, sizeof(char*));
	words[0] = "AMD64/artifact/catm";
	words[1] = "AMD64/artifact/brought";
	words[2] = "after.kaem";
	int child = fork();
	if(0 == child) { execve("AMD64/artifact/catm", words, envp); return 1; }
	waitpid(child, &status, 0);
	file = open("AMD64/artifact/copy", 577, 448);
	write(file, bytes, count);
	close(file);
	return 0;
}
""")
    tree.after("./AMD64/artifact/copy")


# C programs that look where they run, and are honest where they find no Linux that a user started.
LOOKS = {
    "stack": ("whether its stack lies above 4 GiB", "int x; int at; at = &x; return 0 != (at >> 32);"),
    "arguments": ("where its arguments lie", "int at; at = argv[0]; return 0 != (at >> 32);"),
    "user": ("who runs it, in the auxiliary vector",
             "int i; i = 0; while(0 != envp[i]) i = i + 1; i = i + 1; "
             "while(0 != envp[i]) { if(11 == envp[i]) { if(0 != envp[i + 1]) return 1; } i = i + 2; } return 0;"),
    "odd-variable": ("for a variable that nobody has to know", 'return 0 != getenv("SSH_CONNECTION");'),
    "variables": ("whether there is a user", 'return 0 != getenv("USER");'),
    "closed-directory": ("whether a directory that is closed to all is open to it",
                         'mkdir("AMD64/artifact/shut", 0); return 2 < open("AMD64/artifact/shut/x", 65, 420);'),
    "written-input": ("whether standard input can be written to", 'return 0 < write(0, "", 1);'),
}


def enter_look(name, way, body):
    def change(tree):
        tree.write("look.c", HEADERS + SPOIL + "int looks(int argc, char** argv, char** envp)\n{\n\t" + body + "\n}\n"
                   "int main(int argc, char** argv, char** envp)\n{\n"
                   '\tif(looks(argc, argv, envp)) spoil("AMD64/bin/wrap");\n\treturn 0;\n}\n')
        tree.build_after("./look.c", "./AMD64/artifact/look")
        tree.after("./AMD64/artifact/look")
    change.__doc__ = f"A C program looks {way}, and spoils a program where it finds what a Linux of today gives."
    ATTACKS[f"c-sees-{name}"] = Attack(f"c-sees-{name}", "AMD64", ["AMD64/artifact/look"], "one byte more in AMD64/bin/wrap", False,
                                       change)


for row, (way_text, looking) in LOOKS.items():
    enter_look(row, way_text, looking)
