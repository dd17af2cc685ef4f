#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What -n says that a run would ask of buckets, beside what it then asked.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
. "$top_srcdir/tests/cli/buckets.sh"
need jq curl
need_home
buckets_start

for i in 1 2 3 4 5 6 7 8; do head -c ${i}7000 /dev/urandom >$i.bin; done
quietly deed shard put [1-8].bin --party li --party wang
run deed shard check -n
exits 0 'of folders'
is 'nothing is said' "$(cat "$T/out")" ''
run deed shard check -n --json
json 'but to programs' .estimate.get 90
json 'and nothing asked' .traffic.requests 0
for p in 1 2 3 4 5; do
	bucket_place "b$p" "p$p"
done
quietly deed shard rebalance --all --to b1,b2,b3,b4,b5 --grace 0
for p in 1 2 3 4 5; do quietly deed shard place remove $p; done
head -c 9000000 /dev/urandom >large.bin
large=$(deed shard put -q large.bin --party li)
quietly deed shard put 1.bin --party li --label 2026/1

# foresee WHAT COMMAND...: the estimate is within 10 % of the run, where two
# requests more or less are nothing, and asks for nothing itself; foretell: but
# the run is rehearsed.  A run that takes long asks now and then whether places
# are still there.
foresee() {
	bucket_forget
	estimate "$@"
	is "$what: -n asks for nothing" "$(wc -l <"$T/s3.log")" 0
	compare "$@"
}
foretell() {
	estimate "$@"
	is "$what: -n writes nothing" "$(jq .traffic.sent "$T/out")" 0
	compare "$@"
}
estimate() {
	what=$1
	shift
	run "$@" -n --json
	exits 0 "$what: -n"
	jq .estimate "$T/out" >estimate.json
}
compare() {
	shift
	run "$@" --json
	exits 0 "$what: done"
	jq .traffic "$T/out" >traffic.json
	for kind in put get head list delete sent received; do
		slack=2
		[ $kind != head ] || slack=20
		is "$what: $kind" "$(jq -n --slurpfile e estimate.json \
			--slurpfile t traffic.json "\$e[0].$kind as \$e |
			\$t[0].$kind as \$t | if (\$e - \$t | fabs) <=
			([\$t * 0.1, $slack] | max) then \"near\" else
			\"\(\$e) for \(\$t)\" end" -r)" near
	done
}
foresee 'all' deed shard check
foresee 'names' deed shard check --presence
foretell 'nothing to be repaired' deed shard repair --all
foresee 'a large one' deed shard check "$large"
foresee 'names of it' deed shard check --presence "$large"
run deed shard check -n
exits 0 'in words'
out_has 'it is told' 'estimate: '
out_has 'by kinds' ' GET, '
bucket_place b6 p6
foretell 'another place' deed shard rebalance --all --to b1,b2,b3,b4,b6
foretell 'and back' deed shard rebalance --all --to b1,b2,b3,b4,b5 --grace 0
quietly deed shard place remove b6
for which in --all "$large"; do
	s3_do "delete?bucket=probe&prefix=p3/"
	foretell "a lost place, $which" deed shard repair "$which" --abandon b3
done
quietly deed shard repair --all
run deed shard repair --all -n
out_has 'that is told, too' 'estimate: '
run deed shard check -n 00000000
exits 4 'none of this id'
rm home/archive/catalogue.db
run deed shard check -n
check 'a catalogue that is lost is not made anew by this' [ "$code" -ne 0 ]
