#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard put --pack: one deposit of many documents.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq
need_home

# in: 40 documents in folders, some large, one empty.
mkdir -p in/2026/11 in/2026/12 in/deep/er/still
i=0
while [ $i -lt 30 ]; do
	head -c "$((i * 977))" /dev/urandom >"in/2026/11/c$i.pdf"
	i=$((i + 1))
done
head -c 9000000 /dev/urandom >in/2026/12/large.bin
for name in 'a b' '王小明.pdf' 'quote"d' a A a-b; do
	printf 'content of %s\n' "$name" >"in/deep/$name"
done
echo deepest >in/deep/er/still/x
echo hidden >in/.hidden
ln -s 2026 in/link

run deed shard put --pack --party li --party wang in --json
exits 0 'a folder'
json 'is one deposit' '.deposits | length' 1
json 'of all' '.deposits[0].documents | length' 38
json 'numbered' '.deposits[0].documents[37].number' 38
json 'named by the path in it' '.deposits[0].documents[0].name' 2026/11/c0.pdf
json 'and the file told' '.deposits[0].documents[0].file' in/2026/11/c0.pdf
id=$(jq -r '.deposits[0].id' "$T/out")
is 'the catalogue has one' "$(deed shard list | wc -l)" 1
is 'the log has one' "$(deed audit log --event deposit | wc -l)" 1
expect 0 'it is whole' deed shard check
expect 0 'the log verifies' deed audit verify
is 'nothing is left of its making' "$(ls home/archive/begun)" ''
run deed audit log --open --as li --passphrase file:li.pass --event deposit
out_has 'li learns what was committed to' documents=
out_lacks 'and not the other party' party=wang

run deed shard show "$id"
exits 0 'show'
out_has 'counts' 'documents   38, forgotten together'
run deed shard show "$id" --json
json 'as JSON' .documents 38

# What cannot be is refused before anything is written.
refuse() { # CODE WHAT MESSAGE ARGUMENTS
	code_wanted=$1 what=$2 message=$3
	shift 3
	run deed shard put --pack --party li "$@"
	exits "$code_wanted" "$what"
	err_has 'it says why' "$message"
	is 'nothing is deposited' "$(deed shard list | wc -l)" 1
	is 'nor logged' "$(deed audit log --event deposit | wc -l)" 1
	is 'nor left' "$(ls home/archive/begun)" ''
}
mkdir -p other/2026 third
echo x >other/2026/11
echo x >third/index.json
refuse 2 'the same name twice' "'in/deep/a' and 'in/deep/a'" in/deep/a in/deep/a
refuse 2 'a file called as a folder of another' "called '2026/11'" other in
refuse 2 'one called as the index' 'index.json' third
refuse 2 'evidence' '--evidence' --evidence terms.txt in
refuse 10 'one that is missing' 'missing.pdf' in/deep/a missing.pdf
mkfifo pipe
refuse 5 'a pipe' 'no regular file' in/deep/a pipe
printf 'x' >"$(printf 'control\001name')"
refuse 5 'a name with a control character' 'cannot be a name' \
	"$(printf 'control\001name')"
seq 1 65537 | sed 's/^/f/' >list
refuse 5 'too many' 'at most 65536' --files-from list
run deed shard put --pack --party li -n in
exits 0 'a dry run'
err_has 'counts' '38 documents would be one deposit'
mkdir empty
run deed shard put --pack --party li empty
exits 0 'an empty folder'
err_has 'is nothing to be done' '0 files'
is 'nothing was deposited' "$(deed shard list | wc -l)" 1

# Names of operands that are files.
mkdir -p elsewhere/x
echo 1 >elsewhere/x/one
echo 2 >elsewhere/two
printf '%s\n' ./elsewhere/x/one "$W/elsewhere/two" in/../terms.txt >list
run sh -c 'cat contract.pdf |
	deed shard put --pack --party li --json - in/deep/er/ --files-from list'
exits 0 'files, a folder, a list and standard input'
is 'their names' "$(jq -c '[.deposits[0].documents[].name]' "$T/out")" \
	'["document","still/x","elsewhere/x/one","two","terms.txt"]'
run deed shard put --pack --party li --label one terms.txt
exits 0 'a pack of one'
expect 0 'all are whole' deed shard check
