#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What networks and stores do, to one of five places in buckets, and what deed
# says and does then: nothing is lost, nothing wrong is returned, and what does
# not answer is not repaired.
#
# Rows of the table run beside each other, each with a home and a proxy of its
# own, all on the same deposits; ROWS=N says how many.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/servers/held.sh"
places_make
: "${ROWS:=12}"

head -c 5000000 /dev/urandom >large.bin
quietly deed shard put terms.txt --party li
box=$(cat "$T/out")
quietly deed shard put large.bin --party li
large=$(cat "$T/out")
check 'two deposits' deed shard check
held 5 >held
isnt 'are in the bucket' "$(grep -c segment held)" 0

# The rules of a row: what place 5 does.
rules_of() {
	case $1 in
	delay) fault '*' . '*' delay 0.3 ;;
	silent) fault '*' . 1 silent 100 ;;
	cut) fault GET . '*' cut ;;
	reset) fault '*' . '*' reset ;;
	lost) fault PUT . 1 lost ;;
	once) fault '*' . 1 reset ;;
	500) fault '*' . '*' status 500 ;;
	503) fault '*' . '*' status 503 ;;
	503-twice) fault '*' . 2 status 503 ;;
	403) fault '*' . '*' status 403 ;;
	expired) fault '*' . '*' status 403 ExpiredToken ;;
	clock) fault '*' . '*' status 403 RequestTimeTooSkewed ;;
	bucket) fault '*' . '*' status 404 NoSuchBucket ;;
	404) fault GET segment- '*' status 404
		fault HEAD segment- '*' status 404 ;;
	wrong) fault GET segment- '*' wrong ;;
	rot) fault GET segment- '*' rot ;;
	short) fault GET segment- '*' short ;;
	empty) fault GET segment- '*' empty ;;
	hide) fault LIST . '*' hide segment- ;;
	repeat) fault LIST . '*' repeat 1 ;;
	501) fault PUT . '*' status 501 ;;
	unconditional) fault PUT . '*' unconditional ;;
	date) fault '*' . '*' date -7200 ;;
	elsewhere) fault '*' . '*' bucket "$places_bucket-other" ;;
	esac
}

# What is done while it does so: a line "COMMAND CODE" each.
tried() {
	name=$1
	shift
	# Counts begin anew.
	cp "$T/between.rules" "$T/between.new" && between_rules
	began=$(date +%s)
	timeout 150 "$@" >"$T/$name.out" 2>"$T/$name.err"
	echo "$name $?"
	echo "$name $(($(date +%s) - began))" >>"$T/times"
}
row() {
	T=$W/rows/$1
	mkdir -p "$T"
	cd "$T" || exit 1
	cp -Rp ../../home home
	DEED_HOME=$T/home
	between_start
	jq --arg at "$between" '.places[4].endpoints = [$at]' \
		../../home/archive/places.json >home/archive/places.json
	rules_of "$1"
	{
		tried get deed shard get "$large" --as li -o back \
			--passphrase file:../../li.pass
		tried check deed shard check
		tried presence deed shard check --presence
		tried repair deed shard repair --all
		# What it has is what it had, at each moment.
		held 5 >now
		LC_ALL=C comm -23 ../../held now | sed 's/^/lost /'
		tried put deed shard put ../../annex.csv --party li
		faults_over
		tried mend deed shard repair --all
		tried healthy deed shard check
	} >seen
	between_stop
}

table() {
	grep -v '^#' <<'END'
# fault get check presence repair put words
delay 0 0 0 0 0
silent 0 0 0 0 0
once 0 0 0 0 0
lost 0 0 0 0 0
503-twice 0 0 0 0 0
cut 0 8 0 8 0 is cut
reset 0 8 8 8 8 the connection is cut
500 0 8 8 8 8 it does not do what it is asked
503 0 8 8 8 8 it is too busy
403 0 8 8 8 8 it denies this to the access key
expired 0 8 8 8 8 the access key is no longer valid
clock 0 8 8 8 8 its clock and this machine's are too far apart
bucket 0 8 8 8 8 no such bucket
404 0 1 0 8 0 missing
wrong 0 1 0 8 0 damaged
rot 0 1 0 8 0 damaged
short 0 1 0 8 0 damaged
empty 0 1 0 8 0 damaged
hide 0 0 1 0 0
repeat 0 8 8 8 0 what it lists cannot be right
501 0 0 0 0 8 NotImplemented
unconditional 0 0 0 0 0
date 0 0 0 0 0
elsewhere 0 8 8 8 8 of another bucket
END
}

quietly swift_bucket "$places_bucket-other"
# All places leave the manifests out of their lists, as a store does for a while
# when what was away comes back.
unlisted() {
	T=$W/rows/unlisted
	mkdir -p "$T"
	cd "$T" || exit 1
	cp -Rp ../../home home
	DEED_HOME=$T/home
	between_start
	jq --arg at "$between" '.places[].endpoints = [$at]' \
		../../home/archive/places.json >home/archive/places.json
	fault LIST . '*' hide manifest-
	{
		tried check deed shard check
		tried get deed shard get "$box" --as li -o back \
			--passphrase file:../../li.pass
	} >seen
	between_stop
}

table >table
unlisted &
running=$!
# shellcheck disable=SC2034 # rest is for later
while read -r name rest; do
	row "$name" &
	running="$running $!"
	# shellcheck disable=SC2086
	set -- $running
	[ $# -lt "$ROWS" ] || { wait "$1"; shift; running=$*; }
done <table
for pid in $running; do wait "$pid"; done

# What came of it.
while read -r name get check presence repair put words; do
	cd "$W/rows/$name" || exit 1
	tr '\n' ' ' <seen >line
	wanted="get $get check $check presence $presence repair $repair \
put $put mend 0 healthy 0 "
	check "$name: $(cat line)is $wanted" grep -qx -e "$wanted" line
	check "$name: the document is what it was" cmp back ../../large.bin
	cat check.out check.err repair.out repair.err put.err >said
	grep -q -e "${words:-healthy}" said ||
		fail "$name: it says '${words:-healthy}'" "$(cat said)"
	cd "$W" || exit 1
done <table
# It is known by its name, and asked for by it.
is 'manifests that no list has are found' \
	"$(tr '\n' ' ' <rows/unlisted/seen)" 'check 0 get 0 '
check 'the document is what it was' cmp rows/unlisted/back terms.txt
held 5 >now
is 'place 5 has all it had' "$(LC_ALL=C comm -23 held now)" ''
