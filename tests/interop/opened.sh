# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Deposits opened without deed, by the commands of a README as they stand; read
# after tests/cli/lib.sh:
#
#	opened_start			after the house is made
#	commands_of README		those to run, until the next ones
#	opened NAME WANTED VAR=...	they open it, to what the folder WANTED has
#	opened_at K NAME WANTED FOLDER PLACE...
#					with K of the places FOLDER/PLACE, each
#					set of them by ec.pem or rsa.pem
#	opened_small			what openssl took of memory
#
# SETS=all opens by both keys at each set; else they take turns.

opened_start() {
	need openssl python3 tar sha256sum
	need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
		-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
	without_deed=$(printf %s "$PATH" | tr : '\n' |
		grep -vxF "$top_builddir" | tr '\n' :)
	: >"$T/peaks"
	[ -x /usr/bin/time ] || return 0
	# Every openssl that the commands start is measured.
	mkdir "$T/measured"
	printf '#!/bin/sh\nexec /usr/bin/time -q -a -f %%M -o "%s" "%s" "$@"\n' \
		"$T/peaks" "$(command -v openssl)" >"$T/measured/openssl"
	chmod +x "$T/measured/openssl"
	without_deed=$T/measured:$without_deed
}

commands_of() {
	sed -n 's/^\$ //p' "$1" >commands.sh
	isnt "there are commands in ${1##*/}" "$(wc -l <commands.sh)" 0
}

opened() {
	opened=$1 wanted_in=$2
	shift 2
	rm -rf work
	expect 0 "$opened" env PATH="$without_deed" WORK=work "$@" \
		sh commands.sh
	check "$opened: the same bytes" diff -r -x deposit.json -x index.json \
		"$wanted_in" work/content
}

# sets K WORD...: each set of K of the words, a line each.
sets() {
	python3 -c 'import itertools, sys
for s in itertools.combinations(sys.argv[2:], int(sys.argv[1])):
    print(*s)' "$@"
}

opened_at() {
	k=$1 titled=$2 wanted_at=$3 handed_in=$4
	shift 4
	turn=ec other=rsa
	sets "$k" "$@" >sets
	while read -r set; do
		keys=$turn
		[ "${SETS:-}" != all ] || keys='ec rsa'
		for key in $keys; do
			# shellcheck disable=SC2086
			opened "$titled by $key with $set" "$wanted_at" \
				KEY="$PWD/$key.pem" ROOT="$PWD/house.pem" \
				ABOUT="$handed_in/about" \
				PLACES="$(printf "$handed_in/%s " $set)"
		done
		keys=$turn turn=$other other=$keys
	done <sets
	case $k$# in 35) many=10 ;; 23) many=3 ;; *) many=1 ;; esac
	is "$titled: sets of $k of $#" "$(wc -l <sets)" $many
}

opened_small() {
	if [ ! -s "$T/peaks" ]; then
		skip 'the memory of openssl' 'time is not installed'
		return
	fi
	check 'openssl stays under 48 MB' awk '
		$1 + 0 > most { most = $1 + 0 }
		END {
			print NR " runs, at most " most " KiB"
			exit !(most > 0 && most * 1024 < 48000000)
		}' "$T/peaks"
	sed 's/^/# /' "$T/check"
}
