#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Signed files of every kind, changed some thousand times: no crash, no pass
# that the original did not deserve.  The full run:
#	MUTATIONS=1000000 tests/fuzz/mutate.t
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_home

count=${MUTATIONS:-4000}
corpus=$top_srcdir/tests/fuzz/corpus/pdf
sign() {
	quietly deed sign --passphrase file:wang.pass --as wang "$@"
}

cp "$corpus/plain" plain.pdf
cp "$corpus/form" form.pdf
cp "$data/pdf/pdftex.pdf" tex.pdf
sign -o one.pdf plain.pdf
sign -o filled.pdf form.pdf
sign -o stream.pdf tex.pdf
sign --reason 'I agree' -o again.pdf one.pdf
sign --detached -o terms.p7s terms.txt
sign -o terms.asice terms.txt
sign --bundle both.asice terms.txt annex.csv
quietly deed key show wang --pem
cp "$T/out" wang.pem
run "$top_builddir/tests/fuzz/mutate" --count "$count" --seed 1 \
	--trust wang.pem --content terms.txt \
	one.pdf again.pdf filled.pdf stream.pdf terms.p7s terms.asice \
	both.asice
grep '^#' "$T/out"
exits 0 "$count mutations: no pass that is not deserved"
