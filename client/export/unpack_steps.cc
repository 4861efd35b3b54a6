// The steps of check.sh, one shell function each; unpack_script.cc has what
// they call.
#include "client/export/unpack_script.h"

namespace dataip::client::internal {

const char kCheckSteps[] = R"sh(
step_1() {
  needs_trust
  same origin trust/origin || fail "the origin is not the trust file's"
  for half in sm2 p256; do
    { put 0a content.$half.sig; put_all 12 content.$half.chain; } \
      >"$work/$half"
  done
  put_all 0a map >"$work/map"
  {
    printf '\010\001'
    put 12 origin; put 1a checkpoint; put 22 issue.header
    put_all 2a issue.path; put 32 content
    put 3a "$work/sm2"; put 42 "$work/p256"
    put_all 4a status; put 52 seal.header; put 5a seal.payload
    put_all 62 seal.path
    [ ! -d map ] || put 6a "$work/map"
    for opening in openings/*.name; do
      [ -f "$opening" ] || continue
      holder=$(basename "$opening" .name)
      {
        [ "$holder" -eq 0 ] || unhex "08$(printf %02x "$holder")"
        put 12 "openings/$holder.salt"; put 1a "$opening"
      } >"$work/opening"
      put 72 "$work/opening"
    done
  } >"$work/bundle"
  same "$work/bundle" bundle || fail "these files are not the bundle's"
  good "the files here are all of the bundle, of the trust file's origin"
}

step_2() {
  needs_trust
  head -n 4 checkpoint >"$work/top"
  { cat checkpoint.text; echo; } >"$work/text"
  same "$work/top" "$work/text" || fail "checkpoint.text is not the note's text"
  [ "$(head -n 1 checkpoint.text)" = "$(cat trust/origin)" ] ||
    fail "the checkpoint is of another ledger"
  keys=0 dash=$(printf '\342\200\224')
  for key in trust/ledger-*.pem; do
    name=$(basename "$key" .pem)
    algorithm=${name##*-}
    sig=checkpoint.sig/$name
    [ -f "$sig" ] || fail "$name has not signed"
    cat checkpoint.text >"$work/message"
    case $algorithm in
      ed25519) typed=01$(raw_key "$key" 32 | hex_of)
        inner=$(whole_hex "$sig") ;;
      sm2) typed=ff$(printf dataip.sm2sm3.v1 | hex_of)
        typed=$typed$(raw_key "$key" 65 | hex_of)
        inner=$(whole_hex checkpoint.chain_head)$(whole_hex "$sig")
        cat checkpoint.chain_head >>"$work/message" ;;
    esac
    { cat trust/origin; printf '\n'; unhex "$typed"; } >"$work/named"
    id=$(sha256 "$work/named" | cut -c 1-8)
    line="$dash $(cat trust/origin) $(unhex "$id$inner" | base64 -w 0)"
    case $(cat checkpoint) in
      *"$line"*) ;;
      *) fail "$sig is not the note's line of $name" ;;
    esac
    holds "$algorithm" "$key" "$work/message" "$sig" ||
      fail "the signature of $name does not hold"
    keys=$((keys + 1))
  done
  [ "$keys" -ge 2 ] || fail "fewer than two ledger keys"
  good "checkpoint of size $size, signed by $keys ledger keys"
}

step_3() {
  header issue.header
  [ "$type" = dataip.registry.v1.Transition ] || fail "another type: $type"
  [ "$index" -lt "$size" ] || fail "index $index is not below $size"
  inclusion issue.header "$index" "$size" issue.path "$tree_root" ||
    fail "entry $index does not lead to the root"
  good "issued by entry $index, included under $tree_root"
}

step_4() {
  header issue.header
  wanted=$(sha256 status/000) at=$updates_at updated=no
  while [ "$update_count" -gt 0 ]; do
    bytes_of_key=$(number_at issue.header "$at" 1)
    key=$(unhex "$(hex issue.header $((at + 1)) "$bytes_of_key")")
    value=$(hex issue.header $((at + 1 + bytes_of_key)) 32)
    [ "$key" != "certificates/$number" ] || [ "$value" != "$wanted" ] ||
      updated=yes
    at=$((at + 33 + bytes_of_key)) update_count=$((update_count - 1))
  done
  [ $updated = yes ] || fail "the header does not name the first record"
  [ "$(field status/000 8)" = 1 ] || fail "not version 1"
  same_record status/000
  good "its header names certificates/$number and the first status record"
}

same_record() {
  [ "$(text_field "$1" 1)" = "$number" ] || fail "$1: another number"
  [ "$(text_field "$1" 2)" = "$(cat origin)" ] || fail "$1: another origin"
  [ "$(field "$1" 3)" = "$(sha256 content)" ] || fail "$1: another content"
}

# chained CERTIFICATE ISSUERS: signed by one of them, both in their time
chained() {
  # shellcheck disable=SC2086
  openssl verify -no-CApath -no-CAstore -partial_chain $options \
    -attime $((time_ms / 1000)) -CAfile "$2" "$1" >/dev/null 2>&1 ||
    fail "the $algorithm certificate does not lead to the trust file's"
}

step_5() {
  needs_trust
  header issue.header
  { printf 'dataip.certificate.v1\000'; cat origin; printf '\000'
    cat content; } >"$work/message"
  for algorithm in sm2 p256; do
    options=
    id_field=19 prefix=02
    if [ $algorithm = sm2 ]; then
      options="-vfyopt $sm2_id" id_field=18 prefix=01
    fi
    # Link by link: -vfyopt reaches the certificate that is asked about only.
    last=
    for der in content.$algorithm.chain/*; do
      openssl x509 -inform DER -in "$der" >"$work/issuer.pem" 2>/dev/null ||
        fail "$der is not a certificate"
      [ -z "$last" ] || chained "$last" "$work/issuer.pem"
      last=$work/$(basename "$der").pem
      cat "$work/issuer.pem" >"$last"
    done
    chained "$last" trust/issuing-$algorithm.pem
    cat "$work/000.pem" >"$work/leaf.pem"
    openssl x509 -in "$work/leaf.pem" -noout -pubkey >"$work/key.pem"
    { unhex $prefix; raw_key "$work/key.pem" 65; } >"$work/raw"
    [ "$(sha256 "$work/raw")" = "$(text_field content $id_field)" ] ||
      fail "the $algorithm key is not the issuing key of the content"
    holds $algorithm "$work/key.pem" "$work/message" content.$algorithm.sig ||
      fail "the $algorithm signature of the content does not hold"
  done
  good "content signed with SM2 and P-256 by the issuing authority"
}

step_6() {
  needs_trust
  header seal.header
  [ "$type" = dataip.ledger.v1.Seal ] && [ "$stream_bytes" -eq 0 ] &&
    [ "$update_count" -eq 0 ] && [ "$index" -eq $((size - 1)) ] ||
    fail "not the seal of this checkpoint"
  inclusion seal.header "$index" "$size" seal.path "$tree_root" ||
    fail "the seal does not lead to the root"
  [ "$payload_bytes" -eq 64 ] && [ "$(size_of seal.payload)" -eq 64 ] &&
    [ "$(sha256 seal.payload)" = "$payload_sha256" ] &&
    [ "$(openssl dgst -sm3 -r seal.payload | cut -c 1-64)" = "$payload_sm3" ] &&
    [ "$(hex seal.payload 32 32)" = "$prev" ] ||
    fail "the seal's payload is not its header's"
  [ "$(openssl dgst -sm3 -r seal.header | cut -c 1-64)" = \
    "$(whole_hex checkpoint.chain_head)" ] ||
    fail "the chain head is not that of the SM2 line"
  good "seal at $((time_ms / 1000)) s, map root $(hex seal.payload 0 32)"
}

step_7() {
  printf %s "certificates/$number" >"$work/key"
  key_hash=$(sha256 "$work/key")
  hash=$(node 02 "$key_hash" "$(sha256 "$current")")
  depth=0
  for side in map/*; do [ ! -f "$side" ] || depth=$((depth + 1)); done
  while [ "$depth" -gt 0 ]; do
    depth=$((depth - 1))
    side=$(whole_hex "map/$(printf %03d "$depth")")
    first=$((depth / 8 * 2 + 1))
    byte=$((0x$(printf %s "$key_hash" | cut -c $first-$((first + 1)))))
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

step_8() {
  before=
  for record in status/*; do
    same_record "$record"
    version=$(field "$record" 8)
    if [ -n "$before" ] && [ "$version" -eq $((before_version + 1)) ]; then
      [ "$(field "$record" 9)" = "$(sha256 "$before")" ] ||
        fail "$record does not follow $before"
    fi
    before=$record before_version=$version
  done
  for opening in openings/*.name; do
    [ -f "$opening" ] || continue
    holder=$(basename "$opening" .name)
    { printf 'dataip.opening.v1\000'; cat "openings/$holder.salt" "$opening"
    } >"$work/opening"
    scan content 6 "$holder"; unhex "$found" >"$work/holder"
    unhex "$(field "$work/holder" 6)" >"$work/commitment"
    [ "$(field "$work/commitment" 1)" = "$(sha256 "$work/opening")" ] ||
      fail "$opening does not open the commitment"
  done
  good "current status record: version $version, of this content"
}

step_9() {
  needs_trust
  header seal.header
  state=$(field "$current" 4)
  decided=$(mktemp "$work/XXXXXX")
  unhex "$(field "$current" 7)" >"$decided"
  when=$(date +%s) mode=
  if [ "$(field "$current" 10)" = 1 ]; then
    when=$(field "$decided" 1) mode=" (DEMONSTRATION 演示)"
  fi
  day=$(TZ=UTC-8 date -d "@$when" +%Y-%m-%d)
  from=$(text_field content 16) to=$(text_field content 17)
  frozen=no at=0
  while scan "$current" 6 $at; [ -n "$found" ]; do
    unhex "$found" >"$work/overlay"
    [ "$(field "$work/overlay" 1)" != 2 ] || frozen=yes
    at=$((at + 1))
  done
  seal_time=$(TZ=UTC-8 date -d "@$((time_ms / 1000))" +%Y-%m-%dT%H:%M:%S+08:00)
  echo "       state $state, frozen $frozen, $from .. $to, on $day$mode"
  echo "       status as of $seal_time; too old? ask for a newer bundle"
  order=$(printf '%s\n' "$from" "$day" "$to" | sort | tr '\n' ' ')
  if [ "$state" != 1 ] || [ $frozen = yes ] ||
    [ "$order" != "$from $day $to " ]; then
    echo "[ -- ] $step. genuine, but not in force / 真实，但未在有效状态"
    exit 21
  fi
  good "genuine and in force / 真实有效$mode"
}

size=$(tail -n +2 checkpoint.text | head -n 1)
tree_root=$(tail -n +3 checkpoint.text | head -n 1 | base64 -d |
  hex_of)
number=$(text_field content 2)
current=$(printf '%s\n' status/* | tail -n 1)
for step in "$@"; do
  case $step in
    [1-9]) ;;
    *)
      echo "check.sh: $step: steps are 1 to 9 / 步骤为 1 至 9" >&2
      exit 2
      ;;
  esac
done
[ $# -gt 0 ] || set -- 1 2 3 4 5 6 7 8 9
for step in "$@"; do "step_$step"; done
)sh";

}  // namespace dataip::client::internal
