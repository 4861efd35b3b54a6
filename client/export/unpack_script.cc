#include "client/export/unpack_script.h"

#include <string>

namespace dataip::client {
namespace {

// Two parts, since compilers limit the length of one literal.
constexpr char kFunctions[] = R"sh(#!/bin/sh
# Repeats the checks of a certificate bundle with openssl, sha256sum, od and
# coreutils. 用通用工具重做证书包的核验。
#   sh check.sh          all steps 1 to 9      sh check.sh 3 7    only these
# Exit: 0 all hold and in force, 2 not a step, 20 a check failed, 21 genuine,
# not in force, 22 cannot decide: it was unpacked without a trust file.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")" || exit 22
work=$(mktemp -d) || exit 22
trap 'rm -rf "$work"' EXIT
sm2_id=distid:1234567812345678
step=0

fail() {
  echo "[FAIL] $step. $*"
  exit 20
}
needs_trust() {
  for wanted in origin issuing-sm2.pem issuing-p256.pem; do
    [ ! -s trust/$wanted ] || continue
    echo "[ -- ] $step. cannot decide: no trust/$wanted, unpack again with" \
      "--trust TRUST.json / 无法判定：缺少信任文件，请加 --trust 重新展开"
    exit 22
  done
}
good() { echo "[ OK ] $step. $*"; }

# hex FILE OFFSET COUNT
hex() { tail -c "+$(($2 + 1))" "$1" | head -c "$3" | hex_of; }
hex_of() { od -An -v -tx1 | tr -d ' \n'; }
whole_hex() { hex_of <"$1"; }
size_of() { wc -c <"$1" | tr -d ' '; }
number_at() { echo $((0x$(hex "$1" "$2" "$3"))); }
sha256() { sha256sum "$1" | cut -c 1-64; }
same() { [ "$(sha256 "$1")" = "$(sha256 "$2")" ]; }

# unhex HEX: the bytes
unhex() {
  bytes=
  for byte in $(printf %s "$1" | fold -w 2); do bytes="$bytes 0x$byte"; done
  # shellcheck disable=SC2059,SC2086
  [ -z "$bytes" ] || printf "$(printf '\\%03o' $bytes)"
}

# node PREFIX LEFT RIGHT: hex of SHA-256(prefix || left || right), all hex
node() {
  unhex "$1$2$3" >"$work/node"
  sha256 "$work/node"
}

# scan FILE FIELD WHICH: `found` is the hex of that length-delimited protobuf
# field (WHICH counts repeats from 0) or the value of a number field.
scan() {
  wanted=$2 which=$3 found=
  # shellcheck disable=SC2046
  set -- $(od -An -v -tu1 "$1")
  while [ $# -gt 0 ]; do
    tag=0 bits=0
    while :; do
      tag=$((tag | ($1 & 127) << bits)) bits=$((bits + 7)) more=$(($1 & 128))
      shift
      [ "$more" -ne 0 ] || break
    done
    value=0 bits=0
    while :; do
      value=$((value | ($1 & 127) << bits)) bits=$((bits + 7))
      more=$(($1 & 128))
      shift
      [ "$more" -ne 0 ] || break
    done
    if [ $((tag & 7)) -eq 0 ]; then
      [ $((tag >> 3)) -ne "$wanted" ] || found=$value
      continue
    fi
    if [ $((tag >> 3)) -eq "$wanted" ]; then
      if [ "$which" -eq 0 ]; then
        while [ "$value" -gt 0 ]; do
          found=$found$(printf %02x "$1") value=$((value - 1))
          shift
        done
        return
      fi
      which=$((which - 1))
    fi
    shift "$value"
  done
}
field() { scan "$1" "$2" 0; printf %s "$found"; }
text_field() { unhex "$(field "$1" "$2")"; }

# header FILE: reads an entry header (formats 1)
header() {
  index=$(number_at "$1" 1 8) time_ms=$(number_at "$1" 9 8)
  prev=$(hex "$1" 17 32)
  at=$((50 + $(number_at "$1" 49 1)))
  type=$(unhex "$(hex "$1" 50 $((at - 50)))")
  stream_bytes=$(number_at "$1" $at 1)
  at=$((at + 1 + stream_bytes))
  payload_bytes=$(number_at "$1" $at 8)
  payload_sha256=$(hex "$1" $((at + 8)) 32)
  payload_sm3=$(hex "$1" $((at + 40)) 32)
  update_count=$(number_at "$1" $((at + 72)) 2)
  updates_at=$((at + 74))
}

# inclusion FILE INDEX SIZE FOLDER ROOT (RFC 9162 2.1.3.2)
inclusion() {
  { printf '\000'; cat "$1"; } >"$work/leaf"
  hash=$(sha256 "$work/leaf")
  fn=$2 sn=$(($3 - 1)) root=$5
  for sibling in "$4"/*; do
    [ -f "$sibling" ] || continue
    [ "$sn" -ne 0 ] || return 1
    side=$(whole_hex "$sibling")
    if [ $((fn & 1)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      hash=$(node 01 "$side" "$hash")
      while [ $((fn & 1)) -eq 0 ] && [ "$fn" -ne 0 ]; do
        fn=$((fn >> 1)) sn=$((sn >> 1))
      done
    else
      hash=$(node 01 "$hash" "$side")
    fi
    fn=$((fn >> 1)) sn=$((sn >> 1))
  done
  [ "$sn" -eq 0 ] && [ "$hash" = "$root" ]
}

# holds ALGORITHM KEY MESSAGE SIGNATURE
holds() {
  case $1 in
    ed25519) openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in "$3" \
      -sigfile "$4" ;;
    sm2) openssl pkeyutl -verify -pubin -inkey "$2" -rawin -digest sm3 \
      -pkeyopt $sm2_id -in "$3" -sigfile "$4" ;;
    p256) openssl dgst -sha256 -verify "$2" -signature "$4" "$3" ;;
    *) false ;;
  esac >/dev/null 2>&1
}
raw_key() { openssl pkey -pubin -in "$1" -outform DER | tail -c "$2"; }

# put TAG FILE: a length-delimited protobuf field
put() {
  unhex "$1"
  length=$(size_of "$2")
  while [ "$length" -gt 127 ]; do
    unhex "$(printf %02x $((length & 127 | 128)))"
    length=$((length >> 7))
  done
  unhex "$(printf %02x "$length")"
  cat "$2"
}
put_all() {
  for part in "$2"/*; do [ ! -f "$part" ] || put "$1" "$part"; done
}
)sh";

constexpr char kReadme[] =
    R"(证书包的全部内容，每个字节串一个文件；`sh check.sh` 用 openssl、sha256sum、
od 与 coreutils 重做核验，不需要本系统的任何程序。
All of a certificate bundle, one file for each byte string. `sh check.sh`
repeats its checks with openssl, sha256sum, od and coreutils alone.

bundle                 the bundle itself
origin                 name of the ledger
checkpoint             signed note; checkpoint.text its text, checkpoint.sig/
                       the signatures of the ledger's keys,
                       checkpoint.chain_head the SM3 chain head
issue.header           header of the entry that issued it; issue.path/ its
                       inclusion path, lowest node first
content                the certificate (protobuf); content.sm2.sig and
                       content.p256.sig its signatures, content.*.chain/ X.509
status/                status records, the first and the current one at least
seal.header            header of the seal, seal.payload, seal.path/
map/                   siblings under the map root, root first
openings/              names of natural persons that the holder opened
trust/                 what you take on faith: origin, ledger-*.pem,
                       issuing-sm2.pem, issuing-p256.pem. Compare them with a
                       trust file that you got from the bureau itself.
)";

}  // namespace

absl::string_view CheckScript() {
  static const std::string script =
      std::string(kFunctions) + internal::kCheckSteps;
  return script;
}

absl::string_view UnpackedReadme() { return kReadme; }

}  // namespace dataip::client
