#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed shard get --places: a deposit comes back on any machine, from the places
# alone, without a home.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need jq openssl python3
need_home
. "$top_srcdir/tests/cli/manifests.sh"
outsider

put() {
	deed shard put "$@" 2>"$T/err"
}
printf 'one\n' >one.txt
printf 'two\n' >two.txt
id=$(put terms.txt --party li --party out.pem --label 2026/9)
for_wang=$(put annex.csv --party wang)
pack=$(put one.txt two.txt --pack --party out.pem)
beside=$(put minutes.odt --party out.pem --evidence annex.csv)
head -c 9000000 /dev/zero >big
big=$(put big --party out.pem)
folder=$(deed shard show "$id" --json | jq -r .folder)
quietly deed key export li --role deposit --passphrase file:li.pass \
	--export-passphrase file:li.pass -o li.p12
quietly deed key export li --role deposit --format pkcs8 \
	--passphrase file:li.pass --export-passphrase file:li.pass -o li.key
openssl pkcs8 -topk8 -nocrypt -in out.key -outform DER -out out.der
chmod 600 out.der
deed ca bundle --root >root.pem 2>/dev/null || cp house.pem root.pem

# Another machine: the places, the list of them, and no home at all.
mkdir far
cp -R home/archive/places home/archive/places.json far/
mv home office
office=$DEED_HOME
unset DEED_HOME
list=far/places.json
places=far/places
at() {
	rm -rf back
	run deed shard get "$@" --places $list --trust house.pem -o back
}
same() {
	check "$1: the document" cmp "$2" back
}
away() {
	for p in "$@"; do mv $places/"$p" $places/"$p".away; done
}
again() {
	for p in "$@"; do mv $places/"$p".away $places/"$p"; done
}

# --- whose key, in which form ---
at "$id" --key out.key
exits 0 'by a key of PKCS#8 in PEM'
same 'PEM' terms.txt
check 'no home was made' [ ! -e "$office" ]
is 'nor anything else' "$(find "$HOME" -type f)" ''
at "$id" --key out.der
exits 0 'in DER'
at "$id" --key li.p12 --passphrase file:li.pass
exits 0 'by PKCS#12'
same 'PKCS#12' terms.txt
at "$id" --key li.key --passphrase file:li.pass
exits 0 'by a key under a passphrase'
same 'a passphrase' terms.txt
run env -u HOME deed shard get "$id" --places $list --trust house.pem \
	--key out.key -o nohome
exits 0 'without so much as a HOME'
at "$id" --key li.p12 --passphrase file:wang.pass
exits 6 'a wrong passphrase'
err_has 'names the file' "'li.p12'"
run sh -c "deed shard get $id --places $list --trust house.pem --key li.key -o x --no-input </dev/null"
exits 6 'no passphrase'
at "$for_wang" --key out.key
exits 6 'a key that opens others, not this'
absent 'no output' back
openssl ecparam -name prime256v1 -genkey -noout -out other.key
chmod 600 other.key
at "$id" --key other.key
exits 6 'a stranger'"'"'s key'
at "$id" --key missing.key
exits 10 'no key'
at "$id" --key house.pem
exits 7 'what others may read'
cp house.pem nokey.pem
chmod 600 nokey.pem
at "$id" --key nokey.pem
exits 5 'what is no key'
openssl genpkey -algorithm ed25519 -out ed.key 2>/dev/null
chmod 600 ed.key
at "$id" --key ed.key
exits 5 'a key that does not decrypt'

# --- whom to believe ---
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout ca.key -out ca.pem -subj '/CN=another CA' -days 9 2>/dev/null
run deed shard get "$id" --places $list --trust ca.pem --key out.key -o x
exits 7 'another CA vouches for nothing here'
absent 'no output' x
err_has 'why' 'certificate is not good'
run deed shard get "$id" --places $list --trust ca.pem --trust house.pem \
	--key out.key -o x
exits 0 'the house, among others'
rm -f x
run deed shard get "$id" --places $list --trust terms.txt --key out.key -o x
exits 5 'what is no certificate'
run deed shard get "$id" --places $list --trust missing.pem --key out.key -o x
exits 10 'no file'
run deed shard get "$id" --places $list --trust home --key out.key -o x
exits 4 'the word for a home that is not there'
run deed shard get "$id" --places $list --key out.key -o x
exits 2 'nobody is believed'
err_has 'it says how' '--trust FILE'
absent 'no output' x

# --- which deposit ---
short=$(echo "$id" | cut -c1-10)
at "$short" --key out.key
exits 0 'by the beginning of its id'
same 'the beginning' terms.txt
at "$folder" --key out.key
exits 0 'by the name of its folder'
same 'the folder' terms.txt
at "$(basename "$folder")" --key out.key
exits 0 'of that its last part'
at "${folder%??}" --key out.key
exits 4 'half a folder is none'
run deed shard get "$short" --places $list --trust house.pem --key out.key \
	-o x --json
json 'the whole id is told' .id "$id"
json 'and the record' '.record.deposited | length' 20
rm -f x
for bad in 1234567 ../../etc "$id"0 "$(echo "$id" | tr a-f A-F)X" '' ' '; do
	at "$bad" --key out.key
	exits 2 "no id: '$bad'"
done
at 0123456789abcdef --key out.key
exits 4 'no such deposit'
err_has 'it says so' "there is no deposit '0123456789abcdef' at these places"
at 0123456789abcdef0123456789abcdef --key out.key
exits 4 'no such folder'
away 3
at 0123456789abcdef --key out.key
exits 8 'none that answers has it, and one does not answer'
again 3

# --- what is asked of it ---
at "$pack" --key out.key
exits 2 'a pack has several'
at "$pack/2" --key out.key
exits 0 'one document of a pack'
same 'of a pack' two.txt
at "$pack/2" --key out.key --proof proof.json
exits 0 'with its proof'
is 'of that document' "$(jq .document proof.json)" 2
at "$pack/3" --key out.key
exits 4 'no third'
at "$pack/x" --key out.key
exits 2 'no number'
run deed shard get "$pack" --places $list --trust house.pem --key out.key --list
exits 0 'what there is'
out_has 'by name' 'two.txt'
run deed shard get "$pack" --places $list --trust house.pem --key out.key --to all
exits 0 'all of them'
check 'the first' cmp one.txt all/one.txt
check 'the second' cmp two.txt all/two.txt
at "$big" --key out.key --range 8999990-
exits 0 'a range of a large one'
is 'so long' "$(wc -c <back)" 10
at "$big" --key out.key
exits 0 'all of it'
same 'the large one' big
mkdir ev
run deed shard get "$beside" --places $list --trust house.pem --key out.key \
	-o m --evidence ev
exits 0 'with what lies beside it'
check 'that is there' cmp annex.csv ev/annex.csv
run sh -c "deed shard get $id --places $list --trust house.pem --key out.key -o - | cmp - terms.txt"
exits 0 'to standard output'
at "$id" --key out.key --proof x
exits 2 'a proof is of one of a pack'
: >there
run deed shard get "$id" --places $list --trust house.pem --key out.key -o there
exits 7 'nothing is overwritten'

# --- what does not go together ---
at "$id" --as li
exits 2 'a party is of a home'
err_has 'it says why' '--as is of a home'
run deed shard get --label 2026/9 --places $list --trust house.pem \
	--key out.key -o x
exits 2 'a label is of a home'
err_has 'it says why' 'hashed with a key of the home'
run deed shard get "$id" --trust house.pem --key out.key -o x
exits 2 'whom to believe is of --places'
run deed shard get "$id" --places $list --trust house.pem -o x
exits 2 'no key'
run deed shard get --places $list --trust house.pem --key out.key -o x
exits 2 'no id'

# --- the list ---
bad_list() {
	printf '%s' "$2" >far/bad.json
	run deed shard get "$id" --places far/bad.json --trust house.pem \
		--key out.key -o x
	exits "${3:-2}" "a list: $1"
	absent "a list: $1: no output" x
}
one='{"name":"1","place":"dir:places/1"}'
bad_list 'empty' '' 5
bad_list 'cut short' '{"schema":"deed.places/1","needed":3,"places":[' 5
bad_list 'no JSON' 'places: 5' 5
bad_list 'no object' '[]'
bad_list 'nothing in it' '{}'
bad_list 'another schema' "{\"schema\":\"deed.places/9\",\"needed\":1,\"places\":[$one]}"
bad_list 'no places' '{"schema":"deed.places/1","needed":3}'
bad_list 'more needed than there are' "{\"schema\":\"deed.places/1\",\"needed\":2,\"places\":[$one]}"
bad_list 'none needed' "{\"schema\":\"deed.places/1\",\"needed\":0,\"places\":[$one]}"
bad_list 'a place without a name' '{"schema":"deed.places/1","needed":1,"places":[{"place":"dir:places/1"}]}'
bad_list 'a place that is nowhere' '{"schema":"deed.places/1","needed":1,"places":[{"name":"1"}]}'
bad_list 'a kind of place that there is not' '{"schema":"deed.places/1","needed":1,"places":[{"name":"1","place":"ftp:x"}]}'
bad_list 'a place that is a number' '{"schema":"deed.places/1","needed":1,"places":[{"name":"1","place":7}]}'
head -c 70000 /dev/zero | tr '\0' ' ' >far/bad.json
run deed shard get "$id" --places far/bad.json --trust house.pem --key out.key -o x
exits 5 'a list that is too long'
run deed shard get "$id" --places far/missing.json --trust house.pem --key out.key -o x
exits 10 'no list'
run deed shard get "$id" --places far --trust house.pem --key out.key -o x
exits 10 'a folder'
jq '.places |= [.[] | select(.name | IN("2","4","5"))]' $list >far/three.json
run deed shard get "$id" --places far/three.json --trust house.pem --key out.key -o x
exits 0 'three of the five are enough'
rm -f x
jq '.places |= map(.name = "x" + .name)' $list >far/renamed.json
run deed shard get "$id" --places far/renamed.json --trust house.pem --key out.key -o x
exits 1 'places under other names are not those of the manifest'
absent 'no output' x
jq --arg d "dir:$PWD/far/" '.places |= map(.place |= sub("^dir:"; $d))' $list >absolute.json
run deed shard get "$id" --places absolute.json --trust house.pem --key out.key -o x
exits 0 'a list elsewhere, with whole paths'
rm -f x
(cd far && deed shard get "$id" --places places.json --trust ../house.pem \
	--key ../out.key -o ../x) 2>"$T/err"
check 'paths are relative to the list' cmp x terms.txt
rm -f x

# --- too few places ---
away 1 5
at "$id" --key out.key
exits 0 'two of five are gone'
same 'three places' terms.txt
at "$short" --key out.key
exits 0 'by the beginning, too'
away 2
at "$id" --key out.key
exits 8 'three are'
absent 'no output' back
away 3 4
at "$id" --key out.key
exits 8 'all are'
absent 'no output' back
again 1 2 3 4 5

# --- what places show is not believed ---
where=$folder
keep() {
	rm -rf kept && cp -R $places kept
}
restore() {
	rm -rf $places && cp -R kept $places
}
keep
first=$(basename "$(find $places/1/"$where" -name 'manifest-1-*')")
rm $places/1/"$where/$first" $places/2/"$where/$first"
at "$id" --key out.key
exits 0 'two places lack the manifest'
same 'without two manifests' terms.txt
printf 'x' >>$places/3/"$where/$first"
at "$id" --key out.key
exits 0 'and one has it damaged'
rm $places/[345]/"$where/$first"
at "$id" --key out.key
exits 4 'no place has it'
restore
# A manifest that somebody signed, whose id begins as asked for.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	-keyout s.key -out s.pem -subj '/CN=somebody' -days 9 2>/dev/null
payload $places/1/"$where/$first"
fake=0123456789abcdef0123456789abcdef
jq -cj --arg d $fake '.deposit = $d' payload.json >fake.json
openssl cms -sign -binary -nodetach -outform DER -signer s.pem -inkey s.key \
	-in fake.json -out fake.cms 2>/dev/null
fake_id=$(digest fake.json)
for p in 1 2 3 4 5; do
	mkdir -p $places/$p/01/$fake
	cp fake.cms "$places/$p/01/$fake/manifest-1-$(digest fake.cms).cms"
done
at "$fake_id" --key out.key
isnt 'somebody else'"'"'s manifest is not believed' $code 0
absent 'no output' back
at $fake --key out.key
isnt 'nor by its folder' $code 0
at "$id" --key out.key
exits 0 'and is in nobody'"'"'s way'
same 'beside a false one' terms.txt
restore
# A folder that is called as the beginning of the id.
mkdir -p $places/1/"$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c1-32)"
echo x >$places/1/"$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c1-32)/manifest-1-$(printf %064d 1).cms"
at "$(echo "$id" | cut -c1-32)" --key out.key
exits 0 'a folder that is called as a deposit begins hides none'
same 'behind a false folder' terms.txt
restore
# Ids that begin alike: made by the office's key until two do.
mv office home
DEED_HOME=$office
export DEED_HOME
payload $places/1/"$where/$first"
python3 - <<'PY'
import hashlib, json
m = json.load(open('payload.json'))
# Eight digits are 32 bits: some hundred thousand ids have two alike.
seen = {}
def text(n):
    m['deposit'] = '%032x' % (n << 64 | 5)
    return json.dumps(m, separators=(',', ':'),
                      sort_keys=True, ensure_ascii=False)
head, tail = text(0).split('%032x' % 5)
base = hashlib.sha256(head.encode())
n = 0
while True:
    n += 1
    d = '%032x' % (n << 64 | 5)
    h = base.copy()
    h.update((d + tail).encode())
    key = h.digest()[:4]
    if key in seen:
        break
    seen[key] = n
for i, k in enumerate((seen[key], n)):
    open('twin%d.json' % i, 'w').write(text(k))
open('twin.prefix', 'w').write(key.hex())
PY
for i in 0 1; do
	"$tool" sign home "$(date +%s)" <twin$i.json >twin$i.cms
	twin=$(jq -r .deposit twin$i.json)
	inside=$(echo "$twin" | cut -c1-2)/$twin
	name=manifest-1-$(digest twin$i.cms).cms
	for p in 1 2 3 4 5; do
		mkdir -p "$places/$p/$inside"
		cp twin$i.cms "$places/$p/$inside/$name"
	done
done
unset DEED_HOME
at "$(cat twin.prefix)" --key out.key
exits 2 'two begin so'
err_has 'it says so' 'begins the ids of several deposits'
at "$id" --key out.key
exits 0 'another is found beside them'
restore

# --- generations: what as many places show as are needed ---
DEED_HOME=$office
export DEED_HOME
cp $places/1/"$where/$first" one.cms
next one.cms two.cms '' "$(date +%s)"
next one.cms fork.cms '.checkpoint = null | del(.checkpoint)' "$(date +%s)"
unset DEED_HOME
second=manifest-2-$(digest two.cms).cms
for p in 1 2 3; do cp two.cms $places/$p/"$where/$second"; done
at "$id" --key out.key
exits 0 'three show the second generation'
same 'the second generation' terms.txt
err_has 'one that lags is told' 'place 4 lags: it shows generation 1 of 2'
rm $places/3/"$where/$second"
at "$id" --key out.key
exits 0 'two do: the first is in force'
err_has 'the other is told' 'no log was asked whether it names it'
cp two.cms $places/3/"$where/$second"
cp fork.cms $places/4/"$where"/manifest-2-"$(digest fork.cms)".cms
at "$id" --key out.key
exits 3 'a fork'
err_has 'it says that no log is at hand' 'there is no log here'
absent 'no output' back
restore
