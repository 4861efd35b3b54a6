// The steps of check.sh without signatures, and the order of all;
// unpack_script.cc has what they call.
#include "client/export/unpack_script.h"

namespace dataip::client::internal {

const char kCheckSteps[] = R"sh(
# The bundle, put together again from the files.
rebuild() {
  for half in sm2 p256; do
    { put 0a content.$half.sig; put_all 12 content.$half.chain; } \
      >"$work/$half"
  done
  put_all 0a map >"$work/map"
  printf '\010\001'
  put 12 origin; put 1a checkpoint; put 22 issue.header
  put_all 2a issue.path; put 32 content
  put 3a "$work/sm2"; put 42 "$work/p256"
  put_all 4a status; put 52 seal.header; put 5a seal.payload
  put_all 62 seal.path
  [ ! -d map ] || put 6a "$work/map"
  for opening in openings/*.name; do
    [ -f "$opening" ] || continue
    stem=${opening%.name}
    holder_of "$stem"
    {
      [ "$holder" -eq 0 ] || { unhex 08; varint "$holder"; }
      put 12 "$stem.salt"
      [ ! -s "$opening" ] || put 1a "$opening"
    } >"$work/opening"
    put 72 "$work/opening"
  done
}

# holder_of openings/NNN: its position among the holders
holder_of() {
  holder=${1#openings/}
  while :; do
    case $holder in 0?*) holder=${holder#0} ;; *) break ;; esac
  done
  natural "$holder" "$1"
}

step_1() {
  needs_trust
  needs_tools
  rebuild >"$work/bundle"
  same "$work/bundle" bundle || fail "these files are not the bundle's"
  same origin trust/origin ||
    cannot "the trust file does not name this ledger" "信任文件未列出该账本"
  read_field content 2
  certificate=$found
  [ -n "$certificate" ] || fail "the content has no number"
  read_field content 20
  demonstration=${found:-0}
  if [ "$demonstration" != 0 ] && [ "$(cat trust/demonstration)" != true ]; then
    cannot "a demonstration, which the trust file does not accept" \
      "证书为演示证书，而信任文件不接受演示"
  fi
  records=0 first_record=''
  for current in status/*; do
    records=$((records + 1))
    first_record=${first_record:-$current}
  done
  [ -f "$current" ] || fail "there is no status record"
  good "the files here are all of the bundle, of the trust file's origin"
}

step_3() {
  header issue.header
  [ "$type" = "$(hex_text dataip.registry.v1.Transition)" ] ||
    fail "the entry is of another type: $(unhex "$type")"
  [ "$index" -lt "$size" ] || fail "index $index is not below $size"
  inclusion issue.header "$index" "$size" issue.path "$tree_root" ||
    fail "entry $index does not lead to the root"
  good "issued by entry $index, included under $tree_root"
}

step_4() {
  header issue.header
  case $updates in
    *" $(hex_text certificates/)$certificate=$(sha256 "$first_record") "*) ;;
    *) fail "the header does not name the first record" ;;
  esac
  read_field "$first_record" 8
  [ "$found" = 1 ] || fail "$first_record is not version 1"
  read_field content 1
  [ "$found" = "$(whole_hex origin)" ] ||
    fail "the content is of another ledger"
  of_content "$first_record"
  good "its header names $(unhex "$certificate") and the first status record"
}

# of_content RECORD
of_content() {
  read_field "$1" 1
  [ "$found" = "$certificate" ] || fail "$1: another number"
  read_field "$1" 2
  [ "$found" = "$(whole_hex origin)" ] || fail "$1: another origin"
  read_field "$1" 3
  [ "$found" = "$(sha256 content)" ] || fail "$1: another content"
  read_field "$1" 10
  [ "${found:-0}" = "$demonstration" ] || fail "$1: demonstration or not"
}

step_6() {
  header seal.header
  [ "$type" = "$(hex_text dataip.ledger.v1.Seal)" ] && [ -z "$stream" ] &&
    [ "$update_count" -eq 0 ] && [ "$index" -eq $((size - 1)) ] ||
    fail "not the seal of this checkpoint"
  inclusion seal.header "$index" "$size" seal.path "$tree_root" ||
    fail "the seal does not lead to the root"
  [ "$payload_bytes" -eq 64 ] && [ "$(size_of seal.payload)" -eq 64 ] &&
    [ "$(sha256 seal.payload)" = "$payload_sha256" ] &&
    [ "$(openssl dgst -sm3 -r seal.payload | cut -c 1-64)" = "$payload_sm3" ] &&
    [ "$(hex seal.payload 32 32)" = "$prev" ] ||
    fail "the seal's payload is not its header's"
  [ "$(openssl dgst -sm3 -r seal.header | cut -c 1-64)" = "$chain_head" ] ||
    fail "the chain head is not that of the SM2 line"
  good "seal at $((time_ms / 1000)) s, map root $(hex seal.payload 0 32)"
}

step_7() {
  unhex "$(hex_text certificates/)$certificate" >"$work/key"
  key_hash=$(sha256 "$work/key")
  hash=$(node 02 "$key_hash" "$(sha256 "$current")")
  depth=0
  for side in map/*; do [ ! -f "$side" ] || depth=$((depth + 1)); done
  [ "$depth" -le 256 ] || fail "too many siblings"
  side=
  [ "$depth" -eq 0 ] || side=$(whole_hex "map/$(printf %03d $((depth - 1)))")
  case $side in
    *[!0]* | '') ;;
    *) fail "the last sibling is an empty subtree" ;;
  esac
  while [ "$depth" -gt 0 ]; do
    depth=$((depth - 1))
    side=$(whole_hex "map/$(printf %03d "$depth")")
    [ "${#side}" -eq 64 ] || fail "a sibling has not 32 bytes"
    digit=$((depth / 8 * 2 + 1))
    byte=$((0x$(printf %s "$key_hash" | cut -c $digit-$((digit + 1)))))
    if [ $((byte >> (7 - depth % 8) & 1)) -eq 1 ]; then
      hash=$(node 03 "$side" "$hash")
    else
      hash=$(node 03 "$hash" "$side")
    fi
  done
  [ "$hash" = "$(hex seal.payload 0 32)" ] ||
    fail "the current record is not under the map root"
  good "the current status record stands under the seal's map root"
}

# The first and the current record alone, or every one between them as well.
step_8() {
  before='' before_version=0
  for record in status/*; do
    of_content "$record"
    read_field "$record" 8
    version=$found
    natural "$version" "the version of $record"
    read_field "$record" 9
    if [ -z "$before" ]; then
      [ "$version" = 1 ] || fail "$record is not version 1"
    elif [ "$version" -eq $((before_version + 1)) ]; then
      [ "$found" = "$(sha256 "$before")" ] ||
        fail "$record does not follow $before"
    else
      [ "$version" -gt "$before_version" ] && [ "$records" -eq 2 ] ||
        fail "$record does not follow $before"
    fi
    before=$record before_version=$version
  done
  for opening in openings/*.name; do
    [ -f "$opening" ] || continue
    holder_of "${opening%.name}"
    { printf 'dataip.opening.v1\000'; cat "${opening%.name}.salt" "$opening"
    } >"$work/opening"
    read_field content 6 "$holder"
    unhex "$found" >"$work/holder"
    read_field "$work/holder" 6
    unhex "$found" >"$work/commitment"
    read_field "$work/commitment" 1
    [ "$found" = "$(sha256 "$work/opening")" ] ||
      fail "$opening does not open the commitment"
  done
  good "current status record: version $version, of this content"
}

# outside_days: the day is before the first or after the last, as bytes
outside_days() {
  ! printf '%s\n' "$from" "$(hex_text "$day")" "$to" | sort -c 2>/dev/null
}

not_in_force() {
  say "[ -- ] $step. genuine, but not in force / 真实，但未在有效状态"
  exit 21
}

step_9() {
  header seal.header
  now=$(date +%s) mode='' frozen=no at=0
  natural "$now" "the clock"
  when=$now
  hours=$(cat trust/max_age_hours)
  natural "$hours" trust/max_age_hours
  if [ "$demonstration" != 0 ]; then
    read_field "$current" 7
    unhex "$found" >"$work/decided"
    read_field "$work/decided" 1
    when=${found:-0} mode=" (DEMONSTRATION 演示)"
    natural "$when" "the time of decision"
  fi
  day=$(TZ=UTC-8 date -d "@$when" +%Y-%m-%d)
  read_field content 16
  from=$found
  read_field content 17
  to=$found
  while :; do
    read_field "$current" 6 "$at"
    [ -n "$found" ] || break
    unhex "$found" >"$work/overlay"
    read_field "$work/overlay" 1
    [ "$found" != 2 ] || frozen=yes
    at=$((at + 1))
  done
  read_field "$current" 4
  state=$found
  seal_time=$(TZ=UTC-8 date -d "@$((time_ms / 1000))" +%Y-%m-%dT%H:%M:%S+08:00)
  say "       $(shown "state $state, frozen $frozen, $(unhex "$from") .." \
    "$(unhex "$to"), on $day")$mode"
  say "       status as of $seal_time"
  [ "$state" = 1 ] || not_in_force
  if [ $((now * 1000 - time_ms)) -gt $((hours * 3600000)) ]; then
    say "[ -- ] $step. genuine, but the seal is older than $hours h: get a" \
      "newer bundle / 真实，但状态陈旧，请取新件"
    exit 23
  fi
  [ $frozen = no ] && ! outside_days || not_in_force
  say "[ OK ] $step. genuine and in force / 真实有效$mode"
}

for wanted in "$@"; do
  case $wanted in
    [1-9]) ;;
    *)
      say "check.sh: $(shown "$wanted"): steps are 1 to 9 / 步骤为 1 至 9" >&2
      exit 2
      ;;
  esac
done
# The others stand on 1 and 2, and the verdict on all.
chosen=" 1 2 $* "
case " $* " in "  " | *" 9 "*) chosen=" 1 2 3 4 5 6 7 8 9 " ;; esac
for step in 1 2 3 4 5 6 7 8 9; do
  case $chosen in *" $step "*) "step_$step" ;; esac
done
case $chosen in
  *" 9 "*) ;;
  *) say "       chosen steps only, no verdict / 只做了所选步骤，不作结论" ;;
esac
exit 0
)sh";

}  // namespace dataip::client::internal
