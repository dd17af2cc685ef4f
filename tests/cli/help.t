#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# deed help hands the right page to man, and says so where it cannot.
. "${top_srcdir:-.}/tests/cli/lib.sh"

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
		out_has "opens $page" "man ${page%.*}"
	fi
}
page=deed-version.1 opens version
page=deed-config.1 opens config
page=deed-config.1 opens config show
page=deed-tour.7 opens tour
page=deed-batch.7 opens batch
page=deed-policy.5 opens policy
page=deed.1 opens deed
expect 0 'help alone' deed help
out_has 'opens deed(1)' deed

expect 4 'an unknown word' deed help versoin
err_is 'is answered with the nearest' <<'EOF'
deed help: error: there is no manual of 'versoin'
hint: did you mean deed help version?
EOF
expect 2 'a verb that is not there' deed trust list
err_is 'leads to the page of the group' <<'EOF'
deed: error: 'trust' has no 'list'
hint: deed help trust
EOF
for wrong in ../version -version 'version;id' '' /etc/passwd; do
	run deed help -- "$wrong"
	exits 4 "'$wrong' is no page"
done

rm bin/man
deed=$(command -v deed)
PATH=$W/bin
run "$deed" help version
PATH=/usr/bin:/bin
exits 10 'without man'
err_has 'the short usage is named' 'deed version -h'
