#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Whoever has the key of the manifests can sign lies.  None of them makes deed
# or README give out anything but the document.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need openssl python3 tar sha256sum
need_that 'openssl has no kdf command' openssl kdf -keylen 1 \
	-kdfopt digest:SHA256 -kdfopt hexkey:00 HKDF
need_home

outsider
head -c 5000000 /dev/urandom >large.bin
openssl pkey -inform DER -in home/keystore/manifest.key -out m.key
awk '/BEGIN/ { n++ } { print >("chain" n ".pem") }' home/keystore/manifest.pem
places=home/archive/places

# told NAME CODE: what is said of the deposit as it lies there now.
told() {
	rm -f back home/archive/catalogue.db
	wanted=$2
	if [ "$2" = refused ]; then
		cp kept.db home/archive/catalogue.db
		id=$own wanted=5
		expect 5 "$1: show" deed shard show "$id"
		expect 5 "$1: check" deed shard check "$id"
	fi
	run deed shard get "$id" --key out.key -o back
	exits "$wanted" "$1: get"
	if [ "$wanted" = 0 ]; then
		check "$1: the document" cmp "$file" back
	else
		absent "$1: no output" back
	fi
}

# readme NAME HOW
readme() {
	rm -rf work
	run env ROOT=house.pem ABOUT=$places/1/about ID="$id" KEY=out.key \
		PLACES="$places/2/$folder $places/3/$folder $places/5/$folder" \
		WORK=work sh commands.sh
	if [ "$2" = opens ]; then
		exits 0 "$1: README"
		check "$1: the document" cmp "$file" "work/content/$file"
	else
		isnt "$1: README" "$code" 0
	fi
}

for file in terms.txt large.bin; do
	quietly deed shard put $file --party out.pem
	own=$(cat "$T/out")
	id=$own
	cp home/archive/catalogue.db kept.db
	folder=$(deed shard show "$id" | sed -n 's/^folder *//p')
	manifest=$(basename "$(find "$places/1/$folder" -name 'manifest-*')")
	sed -n 's/^\$ //p' $places/1/about/README-* >commands.sh
	quietly openssl cms -verify -inform DER -CAfile house.pem -purpose any \
		-in "$places/1/$folder/$manifest" -out manifest.json
	rm -rf lies && mkdir lies
	python3 "$top_srcdir/tests/interop/signed_lies.py" manifest.json lies >list
	isnt 'there are lies' "$(wc -l <list)" 0
	while read -r name code_wanted how <&3; do
		quietly openssl cms -sign -binary -nodetach -cades -md sha256 \
			-in "lies/$name.json" -signer chain1.pem -inkey m.key \
			-certfile chain2.pem -outform DER -out lie.cms
		id=$(sha256sum "lies/$name.json" | cut -c1-64)
		hash=$(sha256sum lie.cms | cut -c1-64)
		for p in 1 2 3 4 5; do
			rm "$places/$p/$folder"/manifest-*
			cp lie.cms "$places/$p/$folder/manifest-1-$hash.cms"
		done
		lie=$id
		told "$file, $name" "$code_wanted"
		id=$lie
		readme "$file, $name" "$how"
	done 3<list
	rm -rf "$places"/*/"${folder:?}"
done
