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
event=$(jq -r '.deposits[0].event' "$T/out")
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

# Each by its number, and nothing else is brought back.
n=0
jq -r '.documents[].name' >names <<END
$(deed shard get "$id" --list --json --as li --passphrase file:li.pass |
	jq '{documents: .files}')
END
is 'a list of the names' "$(wc -l <names)" 38
run deed shard get "$id" --list --as li --passphrase file:li.pass
exits 0 'the list'
out_has 'has number, size and name' '2  977  2026/11/c1.pdf'
get() { # WHAT ARGUMENTS
	rm -f back
	run deed shard get "$@" --as li --passphrase file:li.pass -o back
}
for n in 1 2 17 30 31 32 38; do
	name=$(sed -n "${n}p" names)
	get "$id/$n"
	exits 0 "number $n"
	check "is $name" cmp "in/$name" back
done
large=$(grep -n large names | cut -d: -f1)
run deed shard get "$id/$large" --as li --passphrase file:li.pass --json
exits 0 'under its own name'
check 'without folders' cmp large.bin in/2026/12/large.bin
json 'as JSON' '.files[0].number' "$large"
run sh -c "deed shard get $id/2 --as li --passphrase file:li.pass -o - |
	cmp - in/2026/11/c1.pdf"
exits 0 'to standard output'
run deed shard get "$id/2" --as wang --passphrase file:wang.pass -o back --force
exits 0 'as the other party'
check 'the same' cmp back in/2026/11/c1.pdf
rm -f back

run deed shard get "$id" --as li --passphrase file:li.pass
exits 2 'a pack without a number'
err_has 'is told' "ID/N says which"
for bad in /0 /01 /-1 /39x / /1/2 /99999999999999999999; do
	run deed shard get "$id$bad" --as li --passphrase file:li.pass
	exits 2 "no number: $bad"
done
get "$id/39"
exits 4 'a number too many'
absent 'nothing is written' back

# One of them is proven without the others: the log commits to the root.
cat >prove.py <<'END'
import hashlib, json, sys
proof = json.load(open(sys.argv[1]))
document = hashlib.sha256(open(sys.argv[2], "rb").read()).digest()
assert proof["schema"] == "deed.document-proof/1"
assert document.hex() == proof["sha256"], "another document"
at, last = proof["document"] - 1, proof["documents"] - 1
h = hashlib.sha256(b"\0" + bytes.fromhex(proof["salt"]) + document).digest()
for other in map(bytes.fromhex, proof["path"]):
    if at % 2 or at == last:
        h = hashlib.sha256(b"\1" + other + h).digest()
        while not at % 2 and at:
            at, last = at // 2, last // 2
    else:
        h = hashlib.sha256(b"\1" + h + other).digest()
    at, last = at // 2, last // 2
assert last == 0 and h.hex() == proof["root"], "no path to the root"
print(h.hex())
END
quietly deed audit prove "$event" --open documents --as li \
	--passphrase file:li.pass -o entry.proof
deed audit key >office.vkey
run deed audit verify --key office.vkey --against entry.proof
exits 0 'the proof of the entry'
root=$(sed -n 's/^ *documents=//p' "$T/out")
for n in 1 2 20 37 38; do
	rm -f proof
	get "$id/$n" --proof proof
	exits 0 "a proof of number $n"
	run python3 prove.py proof back
	exits 0 'holds'
	is 'and leads to what the log commits to' "$(cat "$T/out")" "$root"
done
run python3 prove.py proof in/2026/11/c3.pdf
isnt 'not for another document' "$code" 0
is 'it names none of the others' "$(grep -c pdf proof)" 0
rm -f proof
run deed shard get "$id" --proof proof --as li --passphrase file:li.pass
exits 2 'a proof of all'

# Ranges.
range() { # N RANGE SKIP COUNT
	get "$id/$1" --range "$2"
	exits 0 "bytes $2 of number $1"
	name=$(sed -n "${1}p" names)
	tail -c "+$(($3 + 1))" "in/$name" | head -c "$4" >wanted
	check 'are those' cmp wanted back
}
range "$large" 0-0 0 1
range "$large" 4194000-4195000 4194000 1001
range "$large" 8999999-8999999 8999999 1
range "$large" 8999990-99999999 8999990 10
range "$large" 5000000- 5000000 4000000
range 2 0- 0 977
run deed shard get "$id/2" --range 0-1 --as li --passphrase file:li.pass
exits 2 'a range without an output'
for bad in 5-4 -5 5 a-b 0-1x ''; do
	get "$id/2" --range "$bad"
	exits 2 "no range: '$bad'"
done
get "$id/2" --range 977-
exits 2 'behind the end'
get "$id/1" --range 0-
exits 2 'of an empty document'
get "$id" --range 0-1
exits 2 'of which document'

# A range of a large deposit reads k segments a chunk, and the index.
head -c 41000000 /dev/urandom >eleven.bin
quietly deed shard put --party li eleven.bin
single=$(cat "$T/out")
if strace_reads >/dev/null 2>&1; then
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=openat \
		deed shard get "$single" --range 20000000-20000099 --as li \
		--passphrase file:li.pass -o back >"$T/out" 2>"$T/err"
	is 'a range of a single deposit' $? 0
	tail -c +20000001 eleven.bin | head -c 100 >wanted
	check 'the bytes' cmp wanted back
	is 'three segments of two of its chunks' \
		"$(grep -c 'segment-[0-9]*-[1-5]-.*= [0-9]' trace)" 6
else
	skip 'three segments of two of its chunks' 'strace does not read here'
fi
get "$single/1"
exits 0 'the document of a single deposit'
check 'is it' cmp eleven.bin back
get "$single/2"
exits 4 'it has no other'

# All of them.
to() { # DIR ARGUMENTS
	run deed shard get "$id" --to "$@" --as li --passphrase file:li.pass
}
to all --json
exits 0 'all into a folder that is made'
json 'as many' .written 38
json 'with the record' .record.documents 38
rm in/.hidden in/link
check 'they are the same' diff -r in all
to all
exits 0 'again'
err_has 'they are there' "38 documents are in 'all', 38 were already"
rm all/deep/a
printf x >all/deep/A
to all
exits 7 'one that is another'
err_has 'is named' 'deep/A'
absent 'nothing was written' all/deep/a
to all --force
exits 0 'unless it is to be overwritten'
check 'they are the same' diff -r in all
to all -o x
exits 2 'not with --output'
run deed shard get "$id/3" --to all --as li --passphrase file:li.pass
exits 2 'nor of one'
run deed shard get "$single" --to one --as li --passphrase file:li.pass
exits 0 'of a single deposit'
check 'its document' cmp eleven.bin one/eleven.bin
run deed shard get --label one --to label --as li --passphrase file:li.pass
exits 0 'by its label'
check 'its document' cmp terms.txt label/terms.txt

# Links lead nowhere else.
mkdir trap outside
ln -s ../outside trap/2026
to trap
exits 7 'a folder that is a link'
rm trap/2026
mkdir trap/deep
ln -s ../../outside/x trap/deep/a
to trap
exits 7 'a file that is a link'
to trap --force
exits 0 'unless it is to be overwritten'
check 'then it is no link' test ! -h trap/deep/a
ln -sfn ../outside trap/2026.link
rm -rf trap/2026 && ln -s ../outside trap/2026
to trap --force
exits 7 'but never through one'
is 'nothing is outside' "$(ls -A outside)" ''

# With two places lost, and with too few.
mv home/archive/places/1 home/archive/places/2 .
to two-lost
exits 0 'two places lost'
check 'all are the same' diff -r in two-lost
get "$id/$large"
check 'and one' cmp in/2026/12/large.bin back
mv home/archive/places/3 .
to three-lost
exits 8 'three places lost'
is 'nothing is written' "$(find three-lost -type f 2>/dev/null | wc -l)" 0
mv 1 2 3 home/archive/places/
