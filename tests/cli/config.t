#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed-config(5): which file, which key, which order; seen through the place
# of a seal.
. "${top_srcdir:-.}/tests/cli/lib.sh"
. "$top_srcdir/tests/cli/home.sh"
need_part draw
need_home

# Where the seal is on the page, as the preview's annotation says.
place() {
	rm -f look.pdf
	run deed seal --as acme --page 1 --preview look.pdf "$@" contract.pdf
	if [ "$code" -eq 0 ]; then
		tr -d '\r' <look.pdf |
			LC_ALL=C sed -n 's/.*\/Rect *\[\([^]]*\)\].*/\1/p' |
			tail -n 1
	else
		cat "$T/err"
	fi
}

ten=$(place --position 10,10)
twenty=$(place --position 20,20)
thirty=$(place --position 30,30)
forty=$(place --position 40,40)
isnt 'a preview tells the place' "$ten" "$twenty"

mkdir -p "$HOME/.config/deed" xdg/deed
conf=$HOME/.config/deed/config.yaml
printf 'seal:\n  position: 10,10\n' >"$conf"
is 'a key of the command' "$(place)" "$ten"
printf 'parties:\n  acme:\n    seal: {position: "20,20"}\n' >>"$conf"
is 'that of the acting party comes first' "$(place)" "$twenty"
DEED_SEAL_POSITION=30,30
export DEED_SEAL_POSITION
is 'the environment before it' "$(place)" "$thirty"
is 'the command line before all' "$(place --position 40,40)" "$forty"
DEED_SEAL_POSITION=
is 'an empty variable is as none' "$(place)" "$twenty"
unset DEED_SEAL_POSITION
printf 'seal:\n  position: 40,40\n' >xdg/deed/config.yaml
XDG_CONFIG_HOME=$W/xdg
export XDG_CONFIG_HOME
is 'the file lies where XDG says' "$(place)" "$forty"
XDG_CONFIG_HOME=xdg
is 'which must be absolute' "$(place)" "$twenty"
unset XDG_CONFIG_HOME
mkdir deed
cp xdg/deed/config.yaml .
cp xdg/deed/config.yaml deed/
is 'the working directory is not looked at' "$(place)" "$twenty"

printf 'seal:\n  position: there\n' >"$conf"
expect 2 'a wrong value' deed seal --as acme --preview x.pdf contract.pdf
err_has 'names its key' seal.position
expect 0 'and does not trouble other commands' deed version
for broken in 'a: [' 'a: 1
a: 2' 'a: &x 1' '- a
b' "$(printf '\001')" 'a: !!str b'; do
	printf '%s\n' "$broken" >"$conf"
	expect 2 "broken: $(echo "$broken" | head -n 1 | tr -d '\001')" \
		deed version
	err_has 'names the file' config.yaml
done
head -c 1100000 /dev/zero | tr '\0' '#' >"$conf"
run deed version
isnt 'a file too large is refused' "$code" 0
printf 'seal:\n  positon: 1,1\n  page: 1\n' >"$conf"
expect 0 'a key that no option has' deed config show
err_has 'is warned of' "'seal.positon'"
err_has 'with the nearest' 'did you mean seal.position?'
check 'and a good one is not' sh -c '! grep -q seal.page "$1"' sh "$T/err"
expect 0 'by every command' deed version
err_has 'once' "no option has the key 'seal.positon'"
is 'and no more' "$(wc -l <"$T/err")" 1
expect 0 'but with -q' deed version -q
err_empty 'not'
cat >"$conf" <<'EOF'
offline: no
jobs: 4
ofline: yes
seal: {page: 1}
sign: {level: t}
verify-id: {operator-passphrase: tty}
audit: {timestamp: no}
parties:
  acme:
    seal: {widht: 3, page: 1}
    sign: {level: t}
foo: {bar: 1}
verify: {online-hosts: a.example, online-host: x}
trust: {path: {nothing: 1}}
EOF
expect 0 'unknown ones of all kinds' deed version
sed -n 's/.*has the key //p' "$T/err" >unknown
same_as_input 'each with the nearest that is near' unknown <<'EOF'
'ofline'; did you mean offline?
'parties.acme.seal.widht'; did you mean parties.acme.seal.width?
'foo.bar'
'verify.online-host'; did you mean verify.online-hosts?
'trust.path.nothing'
EOF
# What stands there gives way to an option of the command line.
echo 'timestamp: {tsa: http://127.0.0.1:9/}
sign: {reason: agreed, online: yes}' >"$conf"
echo x >minutes.txt
expect 4 'a reason of PDFs forbids no detached signature' \
	deed sign --as nobody --detached --offline minutes.txt
expect 2 'on the command line it does' \
	deed sign --as nobody --detached --reason x minutes.txt
err_has 'it says so' '--reason and --detached exclude each other'
echo 'sign: {online: yes}
offline: yes' >"$conf"
expect 2 'two of the configuration contradict' deed sign --as nobody minutes.txt
err_has 'it says so, too' '--online and --offline exclude each other'
awk 'BEGIN { for (i = 0; i < 500; i++) print "k" i ": 1" }' >"$conf"
expect 0 'a file of something else' deed version
is 'is not told key by key' "$(wc -l <"$T/err")" 11
err_has 'but counted' 'and 490 further keys'
rm -r "$HOME/.config"
expect 0 'no file is as an empty one' deed config show
out_has 'and said to be missing' 'is not there'
