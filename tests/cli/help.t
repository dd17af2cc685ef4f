#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed help hands the right page to man, and says so where it cannot.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

mkdir bin
printf '#!/bin/sh\necho "man $*"\n' >bin/man
chmod 755 bin/man
PATH=$W/bin:$PATH

# From the build tree its own pages; elsewhere the name alone.
opens() {
	expect 0 "deed help $1" deed help "$@"
	if [ -d "$top_builddir/../man" ] || [ -d "$top_builddir/man" ]; then
		out_has "opens $page" "/man/$page"
	else
		out_has "opens $page" "man ${page##*.} ${page%.*}"
	fi
}
page=deed-version.1 opens version
page=deed-config.1 opens config
page=deed-config.1 opens config show
page=deed-tour.7 opens tour
page=deed-batch.7 opens batch
page=deed-policy.5 opens policy
page=deed.1 opens deed
page=deed-config.5 opens config.5
page=deed-config.5 opens 'config(5)'
page=deed-key.5 opens deed-key.5
page=deed-judging.7 opens judging
page=deed-judging.7 opens deed-judging

# Each page of the manual, by the word that the list has.
expect 0 'the list of pages' deed help topics
cp "$T/out" topics
deed help --json >"$T/out"
json 'is in JSON, too' '.pages | length' \
	"$(find "$top_srcdir/man" -name '*.[157]' | wc -l)"
jq -r '.pages[] | [.word, .name + "." + (.section | tostring), .summary] |
	@tsv' "$T/out" >pages
tab=$(printf '\t')
while IFS=$tab read -r word page summary; do
	check "there is $page" test -f "$top_srcdir/man/$page"
	check "$word is listed" grep -qF "  $word " topics
	check 'with what it says of itself' grep -qF " $summary" topics
	opens "$word"
done <pages

expect 0 'help alone' deed help
out_has 'opens deed(1)' deed

expect 4 'an unknown word' deed help versoin
err_is 'is answered with the nearest' <<'EOF'
deed help: error: there is no manual of 'versoin'
hint: did you mean deed help version?
EOF
expect 2 'a verb that is not there' deed trust lost
err_is 'leads to the page of the group' <<'EOF'
deed: error: 'trust' has no 'lost'
hint: deed help trust
EOF
expect 4 'a subject mistyped' deed help jugding
err_has 'is answered, too' 'did you mean deed help judging?'
expect 4 'what is like nothing' deed help xyzzyx
err_has 'leads to the list' 'hint: deed help topics'
for wrong in version.5 'tour(1)' config.9 ../version -version 'version;id' '' /etc/passwd; do
	run deed help -- "$wrong"
	exits 4 "'$wrong' is no page"
done
expect 2 'the help takes no value' deed version --help=no
err_has 'as any flag that has none' '--help takes no value'

rm bin/man
deed=$(command -v deed)
PATH=$W/bin
run "$deed" help version
PATH=/usr/bin:/bin
exits 10 'without man'
err_has 'the short usage is named' 'deed version -h'
