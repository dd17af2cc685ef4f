#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sizes, banned functions, what the library leaves to cmd, SPDX lines; and
# that the lint would find each.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need python3

lint() {
	run python3 "$top_srcdir/tests/lint/source.py" "$1" "${2:-$top_srcdir}"
}

lint sizes
exits 0 'no file, function or line is too long'
sed 's/^/# /' "$T/out" | tail -n 2
lint banned
exits 0 'no banned function is called'
lint quiet
exits 0 'the library neither prints nor exits nor reads the environment'
lint spdx
exits 0 'every source names its licence'
lint words
exits 0 'nothing reads unfinished'

# One fault at a time, from the file src, in a tree of one file.
faulty() {
	rm -rf tree
	mkdir -p tree/lib/base tree/cmd
	cp src tree/lib/base/a.c
	{
		echo '/* SPDX-License-Identifier: Apache-2.0 */'
		printf 'int a(void)\n{\n\treturn 0;\n}\n'
	} >tree/cmd/a.c
	lint "$1" tree
	exits 1 "$2"
}
lines() {
	awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) print text }'
}
lines 801 '/* x */' >src
faulty sizes 'a long file is found'
{
	printf 'int b(void)\n{\n'
	lines 119 '	b();'
	echo '}'
} >src
faulty sizes 'a long function is found'
printf '\t\t\t\t\t\t\t\t\t\tx\n' >src
faulty sizes 'a wide line is found'
echo 'int x = strcpy(a, b);' >src
faulty banned 'a banned function is found'
echo 'int x = atoi (a);' >src
faulty banned 'also after a space'
echo 'int f(void) { printf("x"); }' >src
faulty quiet 'printing is found'
echo 'int f(void) { exit(1); }' >src
faulty quiet 'exiting is found'
echo 'int f(void) { getenv("x"); }' >src
faulty quiet 'the environment is found'
printf '/* TO%s: later */\n' DO >src
faulty words 'unfinished work is found'
echo 'int a;' >src
faulty spdx 'a missing licence is found'
