#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A Swift that keeps versions, as S3 switches them on: what deed sees of it, what
# is deleted there, and how it comes back.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/servers/swift.sh"
need jq
need_swift
need_home

swift_start
quietly swift_bucket kept
expect 0 'versions are switched on' s3 versions kept on
for p in 1 2 3 4 5; do
	quietly deed shard place add "s$p" "s3:kept/p$p" --endpoint "$swift" \
		--access-key "$swift_key" --secret "file:$swift_secret"
	quietly deed shard place remove $p
done
run deed shard place test s1 --json
exits 0 'a place with versions'
json 'they are kept' .versions true
json 'what is removed leaves a marker' .markers true
is 'and nothing of the probe is left' "$(s3 raw kept GET 'versions=' |
	grep -c 'probe')" 0

echo one >1.txt
head -c 5000000 /dev/urandom >large.bin
id=$(deed shard put -q 1.txt --party li)
large=$(deed shard put -q large.bin --party li)
for d in "$id" "$large"; do
	f=$(deed shard show "$d" --json | jq -r .folder)
	at=$(s3 ls kept/p2/ | grep "/$f/")
	for name in $at; do quietly s3 rm "kept/$name"; done
done
run deed shard check
exits 1 'what was deleted is missing'
out_has 'and can come back' 'deleted, and an older version is kept'
run deed shard check --presence
exits 1 'by names, too'
run deed shard repair --all -n
exits 0 'a rehearsal'
out_has 'says what' 'would be undeleted'
run deed shard repair --all --json
exits 0 'repair'
is 'nothing is made anew' "$(jq .summary.made "$T/out")" 0
is 'it is undeleted' "$(jq .summary.undeleted "$T/out")" 7
expect 0 'all is there' deed shard check

# Deleted twice, with what is wrong between.
at=$(s3 ls kept/p3/ | grep box-)
quietly s3 rm "kept/$at"
quietly s3 put "kept/$at" 1.txt
quietly s3 rm "kept/$at"
run deed shard repair "$id"
exits 0 'what comes back wrong is made anew'
expect 0 'all is there again' deed shard check
expect 0 'and it comes back' deed shard get "$id" --as li -o back \
	--passphrase file:li.pass
check 'as it was' cmp 1.txt back
