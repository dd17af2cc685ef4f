#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whatever is done to an object of a deposit at a place is told, and nothing
# wrong is ever returned: a table of what each command says.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need python3 openssl
need_home

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout out.key -out out.pem -subj /CN=outside -days 9 \
	-addext keyUsage=keyAgreement 2>/dev/null
chmod 600 out.key
head -c 5000000 /dev/urandom >large.bin
head -c 5000000 /dev/urandom >other.bin
for file in terms.txt annex.csv large.bin other.bin; do
	quietly deed shard put "$file" --party out.pem --party li
	id=$(cat "$T/out")
	printf '%s\t%s\t%s\n' "$file" "$id" \
		"$(deed shard show "$id" | sed -n 's/^folder *//p')"
done >deposits
run python3 "$top_srcdir/tests/cli/shard_hostile.py" deposits
exits 0 'the table'
sed 's/^/# /' "$T/out"
is 'nothing is otherwise than it should be' "$(grep -c WRONG "$T/out")" 0
check 'each of the kinds was tried' sh -c "[ \$(wc -l <'$T/out') -ge 150 ]"
expect 0 'all is whole again' deed shard check
