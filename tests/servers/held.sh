# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What tests share that look at five prefixes of a bucket in a Swift, with the
# proxy of between.sh at hand; read after lib.sh.  The store is up then, and the
# house is there; places_make is still to be called.
#
#	held [P]	all that the places have, or place P, a line each, with
#			sizes and hashes
. "$top_srcdir/tests/cli/home.sh"
# shellcheck disable=SC2034 # for places.sh
DEED_TEST_PLACES=s3
. "$top_srcdir/tests/cli/places.sh"
. "$top_srcdir/tests/servers/between.sh"
need jq
need_places
need_home

held() {
	s3 stat "$places_bucket/at/${1:+$1/}" | LC_ALL=C sort
}
