#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every include keeps to its floor, and the lint would find one that does not.
. "${top_srcdir:-.}/tests/cli/lib.sh"

check 'every include keeps to its floor' "$top_srcdir/tests/lint/floors.sh"

# A small tree with each fault in turn.
tree() {
	rm -rf tree
	mkdir -p tree/lib/high tree/lib/left tree/lib/right tree/lib/low \
		tree/cmd/frame tree/libexec
	printf '# the floors\nhigh\nleft right\nlow\n' >tree/lib/FLOORS
	echo '#include "low/low.h"' >tree/lib/left/left.h
	echo '#include <stdio.h>' >tree/lib/low/low.h
	echo '#include "high/high.h"' >tree/lib/high/high.c
	echo '#include "left/left.h"' >tree/lib/high/high.h
	echo '#include "high/high.h"' >tree/cmd/main.c
}
lint() {
	run env top_srcdir="$W/tree" "$top_srcdir/tests/lint/floors.sh"
}

tree
lint
exits 0 'a sound tree passes'
echo '#include "left/left.h"' >>tree/lib/low/low.h
lint
exits 1 'an include upwards is found'
out_has 'and named' 'lib/low/low.h: "left/left.h" goes up'
# CONTRIBUTING says what each is for.
sed -n '/^report/,$p' "$top_srcdir/lib/FLOORS" | tr ' ' '\n' >floors
sed -n '/^    report /,/^    base /s/^    \([a-z][a-z/]*\)  *[a-zA-Z].*/\1/p' \
	"$top_srcdir/CONTRIBUTING" >told
sort floors >floors.sorted
sort told >told.sorted
check 'CONTRIBUTING has every floor and no other' \
	cmp floors.sorted told.sorted
tree
echo '#include "left/left.h"' >tree/lib/right/right.c
lint
exits 1 'an include sideways is found'
out_has 'and named' 'goes sideways'
tree
echo '#include "left/other.h"' >>tree/lib/left/left.h
echo '#include "left/left.h"' >tree/lib/left/other.h
lint
exits 1 'headers that include each other are found'
out_has 'and named' 'goes round'
tree
echo '#include "../low/low.h"' >tree/lib/left/left.c
lint
exits 1 'a path out of the folder is found'
tree
echo '#include "cmd/main.h"' >tree/lib/high/high.c
lint
exits 1 'the library includes nothing of cmd'
tree
mkdir tree/lib/new
echo '#include "low/low.h"' >tree/lib/new/new.c
lint
exits 1 'a folder without a floor is found'
