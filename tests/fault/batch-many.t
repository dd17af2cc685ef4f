#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# More documents than a group: interrupted between groups, over many folders,
# with few open files.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq strace
need_home

sign() {
	deed sign --as wang --passphrase file:wang.pass "$@"
}
events() {
	deed audit log --event "$1" | wc -l
}
mkdir in out
i=0
while [ "$i" -lt 1100 ]; do
	ln "$data/pdf/groff.pdf" "in/$i.pdf" 2>/dev/null ||
		cp "$data/pdf/groff.pdf" "in/$i.pdf"
	i=$((i + 1))
done
ls in/* >list

# The second group's sync is where it ends.
strace -f -o "$T/trace" -e trace=syncfs -e inject=syncfs:signal=SIGKILL:when=2 \
	deed sign --as wang --passphrase file:wang.pass --jobs 1 -q -O out \
	--files-from list >"$T/out" 2>"$T/err"
check 'it was killed' grep -q 'killed by SIGKILL' "$T/trace"
is 'the first group is done' "$(ls out | wc -l)" 500
is 'and logged' "$(events sign)" 500
expect 0 'the same again' sign --json -O out --files-from list
json 'leaves alone what is done' \
	'[.documents[] | select(.status == "already")] | length' 500
json 'does the others' '[.documents[] | select(.status == "done")] | length' \
	600
is 'all are there' "$(ls out | wc -l)" 1100
is 'each logged once' "$(events sign)" 1100
is 'none is void' "$(events void)" 0
expect 0 'the log is sound' deed audit verify
expect 0 'they verify' deed verify -q --trust house.pem out/1.signed.pdf \
	out/499.signed.pdf out/500.signed.pdf out/1099.signed.pdf
rm -rf out

# Folders in turn: each is synced once a group.
for d in a b c d e; do mkdir -p "out/$d"; done
i=0
echo 'documents:' >batch.yaml
while [ "$i" -lt 200 ]; do
	for d in a b c d e; do
		[ "$i" -lt 200 ] || break
		echo " - { file: in/$i.pdf, output: out/$d/$i.pdf }" >>batch.yaml
		i=$((i + 1))
	done
done
strace -f -o "$T/trace" -e trace=fsync,fdatasync,syncfs deed sign --as wang \
	--passphrase file:wang.pass -q --manifest batch.yaml
is 'two hundred documents in five folders' \
	"$(find out -type f -name '*.pdf' | wc -l)" 200
syncs=$(grep -c -e 'sync' "$T/trace")
if [ "$syncs" -lt 60 ]; then
	pass 'are durable by a few syncs'
else
	fail 'are durable by a few syncs' "$syncs of them"
fi

# Few open files: the groups are smaller.
mkdir few
head -n 150 list >some
expect 0 'with a hundred open files' sh -c 'ulimit -n 100 &&
	deed sign --as wang --passphrase file:wang.pass -q -O few \
	--files-from some'
is 'all are there' "$(ls few | wc -l)" 150
expect 0 'the log is sound' deed audit verify
