#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every byte of a signature changed: nobody else's passes, and nothing that
# is signed changes unseen.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need openssl python3

tool=$top_srcdir/tests/interop/tamper-cms.py
pki=$data/pki
cat "$pki/root.crt" "$pki/root.crl" "$pki/inter.crl" >house.pem
for f in p256.p7s enveloping.p7m; do
	rm -rf copies
	mkdir copies
	cp "$pki/$f" .
	echo "$f" >list
	python3 "$tool" make "$f" copies >>list
	run deed verify --json --at 2026-06-01 --trust house.pem \
		--content "$pki/content.txt" --files-from list
	exits 1 "$f: changed copies fail"
	cp "$T/out" report
	expect 0 'each as it should' python3 "$tool" judge "$f" report
	sed 's/^/# /' "$T/out"
done
